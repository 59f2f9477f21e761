package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every new connection who is there, answers the same question, and tells connected peers when our answer changes.
 */
final class IdentifyService {

    static final HandlerOptions OPTIONS = new HandlerOptions(256, 2, null);

    private static final long DEBOUNCE_MILLIS = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(IdentifyService.class);

    /** What the service needs of its host. */
    interface Home {

        List<PeerConnection> connected();

        void learned(PeerConnection connection, PeerInfo info);

        void later(long millis, Runnable task);
    }

    private final Home home;
    private final Duration limit;
    /** Our message with the address under which we see that connection's peer. */
    private final Function<Multiaddr, byte[]> message;
    private final AtomicBoolean pushing = new AtomicBoolean();

    IdentifyService(Home home, Duration limit, Function<Multiaddr, byte[]> message) {
        this.home = home;
        this.limit = limit;
        this.message = message;
    }

    void ask(PeerConnection connection) {
        connection.open(List.of(IdentifyMessage.PROTOCOL), (stream, protocol) -> reader(stream, connection))
                .exceptionally(e -> {
                    LOG.debug("{} does not identify itself: {}", connection, e.toString());
                    return null;
                });
    }

    Receiver answer(YamuxStream stream, PeerConnection connection, String protocol) {
        return tell(stream, connection);
    }

    Receiver pushed(YamuxStream stream, PeerConnection connection, String protocol) {
        return reader(stream, connection);
    }

    /** Handlers or addresses have changed: peers that want to know are told, once for changes that come together. */
    void changed() {
        if (pushing.compareAndSet(false, true)) {
            home.later(DEBOUNCE_MILLIS, () -> {
                pushing.set(false);
                home.connected().forEach(this::push);
            });
        }
    }

    private void push(PeerConnection connection) {
        boolean wanted = connection.identified().map(i -> i.protocols().contains(IdentifyMessage.PUSH)).orElse(false);
        if (wanted) {
            connection.open(List.of(IdentifyMessage.PUSH), (stream, protocol) -> tell(stream, connection));
        }
    }

    private Receiver tell(YamuxStream stream, PeerConnection connection) {
        stream.say(Unpooled.wrappedBuffer(message.apply(connection.remoteAddress())));
        stream.finish();
        bound(stream);
        return new Deaf();
    }

    private Receiver reader(YamuxStream stream, PeerConnection connection) {
        bound(stream);
        return new IdentifyReader(stream, connection.remotePeer(), info -> home.learned(connection, info));
    }

    private void bound(YamuxStream stream) {
        stream.later(limit.toMillis(), TimeUnit.MILLISECONDS, () -> stream.reset(0));
    }

    /** The peer has nothing to say to us on such a stream. */
    private static final class Deaf implements Receiver {

        @Override
        public void data(ByteBuf lent) {
            // Dropped; its window is not refilled.
        }

        @Override
        public void end() {
            // Our side is closed already.
        }

        @Override
        public void failed(StreamResetException why) {
            // Nobody waits.
        }
    }
}
