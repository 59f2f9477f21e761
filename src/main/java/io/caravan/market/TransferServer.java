package io.caravan.market;

import io.caravan.libp2p.Host;
import io.caravan.libp2p.Stream;
import java.time.Clock;

/**
 * The provider's side of data transfers: checks who pushes what, requests the DAG over graphsync, verifies each block against
 * the link that the traversal expects, and writes the CAR with commP in one pass. A deal's routes read the journal.
 */
public final class TransferServer implements AutoCloseable {

    public TransferServer(Host host, PushDeals deals, TransferJournal journal, TransferSettings settings, Clock clock) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /**
     * Cancels a transfer: the journal has it when this returns, the client is told if it can be reached. Does nothing for one
     * that ended; the returned transfer says so.
     */
    public Transfer cancel(ChannelId channel) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /**
     * After a start: every transfer that was under way is STALLED until its client restarts it, which the client is asked to
     * do if it can be reached. What was received stays and is not fetched again. Call once, when the host listens.
     */
    public void resume() {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Serves one stream of {@link MarketProtocols#TRANSFER}. */
    public void serveTransfer(Stream stream) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Serves one stream of {@link MarketProtocols#GRAPHSYNC}: takes blocks as fast as they can be verified and written. */
    public void serveGraphsync(Stream stream) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Lets go of all files; the journal keeps what is under way for {@link #resume}. */
    @Override
    public void close() {
    }
}
