package io.caravan.node.gate;

import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.ServerLimits;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Where a role's JSON-RPC listens, how it is protected on the way, and what callers may cost it, as the settings say. */
public final class PortSettings {

    private static final int WORKERS = 16;

    private PortSettings() {}

    /**
     * The whole of it.
     *
     * @param home the role's folder; a certificate of our own is made in its folder {@code tls} when one is asked for
     * @throws io.caravan.node.config.ConfigException naming the setting that cannot be used
     */
    public static ServerConfig of(String role, LiveSettings live, Path home) {
        Settings settings = live.atStart();
        check(role, live.now());
        String listen = settings.text(role + ".listen");
        int depth = depth(settings);
        int queued = queued(settings);
        return ServerConfig.loopback(0).at(listen, settings.integer(role + ".port", 0, 65535))
                .limited(live.of(now -> limits(now, depth, queued)))
                .named(live.of(now -> names(now, role, listen)))
                .by(tls(role, settings, home, names(live.now(), role, listen)));
    }

    private static Set<String> names(Settings settings, String role, String listen) {
        Set<String> names = new HashSet<>(hosts(settings, role));
        names.add(listen.toLowerCase(Locale.ROOT));
        return Set.copyOf(names);
    }

    /** Reads all of it once, making nothing, so that what is wrong is found while nothing runs. */
    public static void check(String role, Settings settings) {
        limits(settings, depth(settings), queued(settings));
        boolean isSecure = isSecure(role, settings);
        if (!isSecure) {
            requireLoopback(role, settings, role + ".tls = on");
        }
        Optional<String> certificate = settings.optional(role + ".tls.certificate");
        Optional<String> key = settings.optional(role + ".tls.key");
        if (certificate.isPresent() != key.isPresent()) {
            throw settings.wrong(role + (certificate.isPresent() ? ".tls.key" : ".tls.certificate"),
                    "is missing: certificate and key go together");
        }
        for (String name : new String[] {".tls.certificate", ".tls.key"}) {
            if (isSecure && certificate.isPresent() && !Files.isReadable(settings.path(role + name))) {
                throw settings.wrong(role + name, "is no file that can be read");
            }
        }
    }

    /**
     * Nobody's words travel a network in the open unless an operator says that something else protects them.
     *
     * @param remedy what to set beside {@code <role>.tls.optional}
     * @throws io.caravan.node.config.ConfigException if the role would listen beyond loopback
     */
    public static void requireLoopback(String role, Settings settings, String remedy) {
        if (settings.flag(role + ".tls.optional") || isLoopback(settings.text(role + ".listen"))) {
            return;
        }
        throw settings.wrong(role + ".listen", "opens the " + role + " to the network without TLS, where tokens and passwords can"
                + " be read on their way: set " + remedy + ", or " + role + ".tls.optional = true if something in front of it"
                + " protects them");
    }

    /** The names by which the role may be called beside plain addresses, by {@code <role>.hosts}. */
    static Set<String> hosts(Settings settings, String role) {
        return settings.optional(role + ".hosts").map(list -> Arrays.stream(list.split(","))
                .map(name -> name.strip().toLowerCase(Locale.ROOT)).filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet())).orElse(Set.of());
    }

    private static ServerConfig.@Nullable Tls tls(String role, Settings settings, Path home, Set<String> names) {
        if (!isSecure(role, settings)) {
            return null;
        }
        if (settings.optional(role + ".tls.certificate").isPresent()) {
            return new ServerConfig.Tls(settings.path(role + ".tls.certificate"), settings.path(role + ".tls.key"));
        }
        return OwnCertificate.in(home.resolve("tls"), names);
    }

    private static boolean isSecure(String role, Settings settings) {
        return switch (settings.text(role + ".tls")) {
            case "on" -> true;
            case "off" -> false;
            default -> throw settings.wrong(role + ".tls", "must be on or off");
        };
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    private static int depth(Settings settings) {
        return settings.integer("caravan.rpc.max-depth", 16, 500);
    }

    private static int queued(Settings settings) {
        return settings.integer("caravan.rpc.max-queued", 1, 100_000);
    }

    /** @param depth and {@code queued}: what reader and queue are made with, once */
    private static ServerLimits limits(Settings settings, int depth, int queued) {
        int body = (int) within(settings, "caravan.rpc.max-body", 64 << 10, 256 << 20);
        return new ServerLimits(body, within(settings, "caravan.rpc.max-buffered", body, 4L << 30),
                depth, settings.integer("caravan.rpc.max-batch", 1, 10_000),
                settings.integer("caravan.rpc.max-connections", 1, 100_000),
                settings.integer("caravan.rpc.max-connections-per-address", 1, 100_000), WORKERS,
                queued, settings.integer("caravan.rpc.max-in-flight", 1, 10_000),
                settings.integer("caravan.rpc.rate", 0, 10_000_000), settings.integer("caravan.rpc.burst", 1, 10_000_000),
                settings.duration("caravan.rpc.body-timeout"), settings.duration("caravan.rpc.idle-timeout"));
    }

    private static long within(Settings settings, String key, long least, long most) {
        long bytes = settings.bytes(key);
        if (bytes < least || bytes > most) {
            throw settings.wrong(key, "must lie between " + least + " and " + most + " bytes");
        }
        return bytes;
    }
}
