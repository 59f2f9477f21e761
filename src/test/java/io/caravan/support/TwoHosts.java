package io.caravan.support;

import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Deadlines;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Limits;
import io.caravan.libp2p.Stream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;

/**
 * Two libp2p hosts on loopback that can reach each other, for tests that need a real wire: {@code near} dials, {@code
 * far} serves.
 *
 * <pre>{@code
 * try (TwoHosts hosts = TwoHosts.start()) {
 *     hosts.far().setHandler("/x/1.0.0", stream -> …);
 *     Stream stream = hosts.stream("/x/1.0.0");
 * }
 * }</pre>
 */
public final class TwoHosts implements AutoCloseable {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final Host near;
    private final Host far;

    private TwoHosts(Host near, Host far) {
        this.near = near;
        this.far = far;
    }

    /** With the default bounds. */
    public static TwoHosts start() {
        return start(Limits.DEFAULT, Deadlines.DEFAULT);
    }

    /** The bounds are those of the host that serves. */
    public static TwoHosts start(Limits limits, Deadlines deadlines) {
        return new TwoHosts(host(Limits.DEFAULT, Deadlines.DEFAULT), host(limits, deadlines));
    }

    /** A host of its own, listening on a free loopback port. The caller closes it. */
    public static Host host(Limits limits, Deadlines deadlines) {
        return Host.builder().key(PrivKey.generate(new SecureRandom())).clock(Clock.systemUTC())
                .listen("/ip4/127.0.0.1/tcp/0")
                .agent("caravan/test").limits(limits).deadlines(deadlines).start();
    }

    /** The one that dials. */
    public Host near() {
        return near;
    }

    /** The one that serves. */
    public Host far() {
        return far;
    }

    /** A stream from near to far. */
    public Stream stream(String... protocols) {
        return near.newStream(far.peerId(), far.listenAddresses(), java.util.List.of(protocols), TIMEOUT);
    }

    @Override
    public void close() {
        near.close();
        far.close();
    }
}
