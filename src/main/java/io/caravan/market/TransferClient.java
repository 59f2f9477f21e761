package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Stream;
import java.time.Clock;

/**
 * The client's side of data transfers: opens a push channel, serves the miner's graphsync request from the order's blocks,
 * restarts what breaks, and tells the journal how it goes. A deal's routes call {@link #push} and then read the journal.
 */
public final class TransferClient implements AutoCloseable {

    public TransferClient(Host host, PushOrders orders, TransferJournal journal, TransferSettings settings, Clock clock) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /**
     * Pushes the data of a deal: opens a channel, or goes on with the one that is journalled. Returns at once with the transfer
     * as journalled; messages go out on other threads. A second call does no harm; a channel that ended in FAILED or CANCELLED
     * is left and a new one is opened, a COMPLETED one is returned as it is.
     *
     * @throws IllegalArgumentException if there is no order for that deal
     */
    public Transfer push(Cid proposalCid) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Restarts a transfer now: where it stopped, nothing is sent twice. Does nothing for one that ended. */
    public Transfer restart(ChannelId channel) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /**
     * Cancels a transfer: the journal has it when this returns, the miner is told if it can be reached. Does nothing for one
     * that ended; the returned transfer says so.
     */
    public Transfer cancel(ChannelId channel) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Restarts every transfer that was under way when the process ended. Call once, when the host listens. */
    public void resume() {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Serves one stream of {@link MarketProtocols#TRANSFER}. */
    public void serveTransfer(Stream stream) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Serves one stream of {@link MarketProtocols#GRAPHSYNC}, for as long as the miner keeps it. */
    public void serveGraphsync(Stream stream) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Stops sending; the journal keeps what is under way for {@link #resume}. */
    @Override
    public void close() {
    }
}
