package io.caravan.node;

import io.caravan.crypto.Keystore;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.gate.LoginPage;
import io.caravan.node.gate.PortSettings;
import io.caravan.node.gate.RoleAccess;
import io.caravan.node.gate.Sessions;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.store.Sql;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** One role's JSON-RPC port with its tokens; while it is open the files {@code api} and {@code token} say where it is. */
final class RpcPort implements AutoCloseable {

    private final Path home;
    private final RoleAccess access;
    private final MethodTable methods = new MethodTable();
    private final Map<String, HttpPage> pages = new ConcurrentHashMap<>();
    private final LoginPage login;
    private final RpcServer server;
    private final ServerConfig.@Nullable Tls tls;
    private volatile boolean isOpen;

    /** @param role its keys are {@code <role>.listen} and {@code <role>.port} */
    RpcPort(String role, Path home, LiveSettings settings, Keystore keystore, Sql sql, Clock clock) {
        this.home = home;
        this.access = new RoleAccess(role, settings, sql, clock,
                Tokens.ofSecret(keystore.jwtSecret(new SecureRandom()).toArray()));
        ServerConfig config = PortSettings.of(role, settings, home);
        this.tls = config.tls();
        login = new LoginPage(new Door(), access.signIn(), access.sessions());
        pages.put("/login", login);
        pages.put("/logout", login);
        this.server = new RpcServer(config, methods, access.gate(), pages);
    }

    private final class Door implements LoginPage.Door {
        @Override
        public String cookieName() {
            return access.gate().cookieName(server.address().getPort());
        }

        @Override
        public boolean isSecure() {
            return tls != null;
        }
    }

    /**
     * Answers plain HTTP below a path; the longest prefix wins.
     *
     * @param prefix such as {@code /pieces/}
     */
    void serve(String prefix, HttpPage page) {
        pages.put(prefix, page);
    }

    /** Where this port is reached from this machine; empty before it is open. */
    Optional<URI> address() {
        if (!isOpen) {
            return Optional.empty();
        }
        InetAddress bound = server.address().getAddress();
        String host = bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress().getHostAddress() : bound.getHostAddress();
        return Optional.of(URI.create(scheme() + "://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + server.address().getPort()));
    }

    MethodTable methods() {
        return methods;
    }

    /** What signs in and out here. */
    HttpPage login() {
        return login;
    }

    /** Who may call here. */
    RoleAccess access() {
        return access;
    }

    /** Opens the port. Call it last: whoever finds the file {@code api} may call at once. */
    void open() {
        server.start();
        isOpen = true;
        writeApi();
        server.onCertificate(this::writeApi);
    }

    private void writeApi() {
        ApiInfo.write(home, server.address(), access.homeToken(home), tls == null ? null : tls.certificate());
    }

    private String scheme() {
        return tls == null ? "http" : "https";
    }

    /** A link that signs that person's browser in once, with every right. */
    String loginLink(String name) {
        String code = access.links().make(new Sessions.Who(name, null, Set.copyOf(Permission.all()))).code();
        return address().orElseThrow() + "/login#" + code;
    }

    /** Where callers reach it. */
    String url() {
        return "%s://%s:%d/rpc/v1".formatted(scheme(), server.address().getAddress().getHostAddress(), server.address().getPort());
    }

    @Override
    public void close() {
        ApiInfo.remove(home);
        server.close();
    }
}
