package io.caravan.market;

import io.caravan.codec.CborItem;
import io.caravan.libp2p.Connection;
import io.caravan.libp2p.ConnectionListener;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Puts data-transfer and graphsync messages on streams and takes them off. Blocks; throws what {@link Host} throws. */
final class TransferWire {

    /** A stream carries one data-transfer message; older peers put a few on one (wire-protocols §8.1). */
    private static final int MAX_MESSAGES = 16;
    private static final Duration MESSAGE = Duration.ofSeconds(10);

    private final Host host;
    private final Supplier<TransferSettings> settings;

    TransferWire(Host host, Supplier<TransferSettings> settings) {
        this.host = host;
        this.settings = settings;
    }

    PeerId self() {
        return host.peerId();
    }

    /** Runs the job, on another thread, each time a connection to a peer has ended and none is left. */
    void whenLost(TransferWorkers workers, Consumer<PeerId> job) {
        host.addListener(new ConnectionListener() {
            @Override
            public void disconnected(Connection connection) {
                PeerId peer = connection.remotePeer();
                workers.tell(() -> {
                    if (host.connections().stream().noneMatch(other -> other.remotePeer().equals(peer))) {
                        job.accept(peer);
                    }
                });
            }
        });
    }

    /** One message on a stream of its own, closed at once, as the peer's reader waits for the end. */
    void tell(PeerId peer, List<Multiaddr> addresses, TransferMessage message) {
        try (Stream stream = host.newStream(peer, addresses, List.of(MarketProtocols.TRANSFER), settings.get().timing().open())) {
            stream.setDeadline(MESSAGE);
            stream.out().write(message.toCbor());
            stream.closeWrite();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Hands every data-transfer message of the stream to the reader. A stream without one is a probe and means nothing.
     */
    static void read(Stream stream, Consumer<TransferMessage> reader) {
        stream.setDeadline(MESSAGE);
        for (int i = 0; i < MAX_MESSAGES; i++) {
            byte[] message;
            try {
                message = CborItem.read(stream.in(), TransferMessage.MAX_BYTES, TransferMessage.LIMITS);
            } catch (EOFException e) {
                return;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            reader.accept(TransferMessage.ofCbor(message));
        }
    }

    /** A stream for graphsync messages of ours. */
    Stream openGraphsync(PeerId peer, List<Multiaddr> addresses) {
        Stream stream = host.newStream(peer, addresses, List.of(MarketProtocols.GRAPHSYNC), settings.get().timing().open());
        stream.setDeadline(patience());
        return stream;
    }

    /** A peer that takes nothing for longer than a stall is not waited for. */
    private Duration patience() {
        TransferSettings.Timing timing = settings.get().timing();
        return timing.write().compareTo(timing.stall()) < 0 ? timing.write() : timing.stall();
    }

    /** One graphsync message on a stream of its own. */
    void send(PeerId peer, GraphsyncMessage message) {
        try (Stream stream = openGraphsync(peer, List.of())) {
            GraphsyncFrame.write(message, stream.out());
            stream.closeWrite();
        }
    }
}
