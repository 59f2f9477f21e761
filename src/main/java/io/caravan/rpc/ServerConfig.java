package io.caravan.rpc;

import java.nio.file.Path;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where a server listens, and how.
 *
 * @param host the address to bind, loopback unless an operator says otherwise
 * @param port 0 for a free one
 * @param allowed what a caller may cost it; asked at each use, but for the sizes of pools and queues
 * @param names that callers without a token may use for this server, in lower case, beside those of loopback and all
 *     plain addresses; asked at each call
 * @param tls null to speak plain HTTP
 */
public record ServerConfig(String host, int port, Supplier<ServerLimits> allowed, Supplier<Set<String>> names, @Nullable Tls tls) {

    /**
     * A certificate with its key, as PEM files that are read again when they change.
     *
     * @param certificate the server's own first, then those that signed it
     * @param key unencrypted PKCS#8
     */
    public record Tls(Path certificate, Path key) {}

    public ServerConfig {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("a port is a number from 0 to 65535, not " + port);
        }
    }

    /** Loopback with ordinary limits. */
    public static ServerConfig loopback(int port) {
        return new ServerConfig("127.0.0.1", port, ServerLimits::usual, Set::of, null);
    }

    /** The same on another address. */
    public ServerConfig at(String otherHost, int otherPort) {
        return new ServerConfig(otherHost, otherPort, allowed, names, tls);
    }

    /** The same server under more names. */
    public ServerConfig named(Set<String> otherHosts) {
        return named(() -> otherHosts);
    }

    /** The same server under names that may change. */
    public ServerConfig named(Supplier<Set<String>> otherNames) {
        return new ServerConfig(host, port, allowed, otherNames, tls);
    }

    /** The same with other limits. */
    public ServerConfig limited(ServerLimits otherLimits) {
        return limited(() -> otherLimits);
    }

    /** The same with limits that may change. */
    public ServerConfig limited(Supplier<ServerLimits> otherLimits) {
        return new ServerConfig(host, port, otherLimits, names, tls);
    }

    /** What a caller may cost it now. */
    public ServerLimits limits() {
        return allowed.get();
    }

    /** The same by TLS; null for plain HTTP. */
    public ServerConfig by(@Nullable Tls otherTls) {
        return new ServerConfig(host, port, allowed, names, otherTls);
    }
}
