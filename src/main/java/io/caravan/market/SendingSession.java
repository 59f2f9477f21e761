package io.caravan.market;

import io.caravan.libp2p.Libp2pException;
import io.caravan.libp2p.Stream;
import io.caravan.piece.BlockSource;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transfer as its client sees it: announces the push, answers the miner's request, and announces it again when it
 * breaks, so often and so slowly as the settings say.
 */
final class SendingSession {

    private static final Logger LOG = LoggerFactory.getLogger(SendingSession.class);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);
    private static final int DELAY_FACTOR = 2;

    private final TransferBase base;
    private final PushOrders orders;
    private final ChannelId channel;
    /** As last looked up: a miner may move to another address between two restarts. */
    private volatile PushOrders.PushOrder order;

    /** Guards everything below; blocks are read and sent outside of it. */
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Transfer transfer;
    private @Nullable RequestId serving;
    private boolean isAnnounced;
    private boolean isAnnouncing;
    private int failures;
    private long lastByteAt;
    private long savedAt;
    private @Nullable Long retryAt;

    /** @param isAnnounced whether the miner has heard of the channel, as far as we know */
    SendingSession(TransferBase base, PushOrders orders, PushOrders.PushOrder order, Transfer transfer,
            boolean isAnnounced) {
        this.base = base;
        this.lastByteAt = base.nanos();
        this.orders = orders;
        this.order = order;
        this.transfer = transfer;
        this.channel = transfer.channel();
        this.isAnnounced = isAnnounced;
    }

    ChannelId channel() {
        return channel;
    }

    /** As last journalled or a little ahead of it; never waits. */
    Transfer transfer() {
        return transfer;
    }

    /** Tells the miner that the data is there, or that the transfer goes on; soon, on another thread. */
    void announce() {
        lock.lock();
        try {
            if (transfer.status().isEnd() || isAnnouncing) {
                return;
            }
            retryAt = null;
            lastByteAt = base.nanos();
            isAnnouncing = base.workers().tell(this::sendAnnouncement);
        } finally {
            lock.unlock();
        }
    }

    private void sendAnnouncement() {
        TransferType type = isAnnounced() ? TransferType.RESTART : TransferType.NEW;
        try {
            order = orders.find(order.proposalCid()).orElse(order);
            base.wire().tell(order.miner(), order.addresses(),
                    TransferRequest.push(type, channel.id(), transfer().payloadCid(), transfer().proposalCid()));
            announced(type);
        } catch (RuntimeException e) {
            LOG.debug("transfer {} was not announced", channel, e);
            lock.lock();
            try {
                isAnnouncing = false;
                tryLater("the push could not be announced: " + e.getMessage());
            } finally {
                lock.unlock();
            }
        }
    }

    private boolean isAnnounced() {
        lock.lock();
        try {
            return isAnnounced;
        } finally {
            lock.unlock();
        }
    }

    private void announced(TransferType type) {
        lock.lock();
        try {
            isAnnouncing = false;
            isAnnounced = true;
            lastByteAt = base.nanos();
            if (type == TransferType.RESTART && !transfer.status().isEnd()) {
                transfer = base.save(transfer.withRestart(base.now()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** The miner asks for the DAG. Returns the graphsync status of a refusal, or 0 if the data will come. */
    int requested(GraphsyncRequest request) {
        lock.lock();
        try {
            boolean isOurs = transfer.payloadCid().equals(request.root()) && request.selector() != null
                    && Selectors.isWholeDag(request.selector());
            if (!isOurs || transfer.status().isEnd()) {
                return GraphsyncResponse.REJECTED;
            }
            if (!base.workers().move(() -> serve(request))) {
                return GraphsyncResponse.BUSY;
            }
            serving = request.id();
            retryAt = null;
            isAnnounced = true;
            lastByteAt = base.nanos();
            transfer = base.save(transfer.withStatus(TransferStatus.QUEUED, base.now()));
            return 0;
        } finally {
            lock.unlock();
        }
    }

    private void serve(GraphsyncRequest request) {
        BlockSource source = null;
        try (Stream stream = base.wire().openGraphsync(order.miner(), order.addresses())) {
            source = orders.open(order);
            DagSender dag = new DagSender(source, request, base.settings());
            long before = estimate(dag.skipFirst());
            while (!dag.isDone() && isServing(request.id())) {
                GraphsyncFrame.write(dag.next(), stream.out());
                sent(request.id(), dag, before);
            }
            stream.closeWrite();
        } catch (Libp2pException e) {
            broke(request.id(), e.getMessage());
        } catch (IOException | BrokenTransferException | IllegalArgumentException e) {
            LOG.debug("transfer {} cannot go on", channel, e);
            if (Thread.currentThread().isInterrupted()) {
                broke(request.id(), "the client was stopped"); // which is no fault of the payload
            } else {
                end(TransferStatus.FAILED, "the payload cannot be sent: " + e.getMessage());
            }
        } finally {
            close(source);
        }
    }

    private static void close(@Nullable BlockSource source) {
        if (source instanceof AutoCloseable closeable) {
            try {
                closeable.close();
            } catch (Exception e) {
                LOG.warn("a payload was not closed: {}", e.toString());
            }
        }
    }

    /**
     * What the first so many links take in a CAR, as far as the last progress tells: it is not worth reading them
     * again.
     */
    private long estimate(long links) {
        lock.lock();
        try {
            return transfer.blocks() == 0 ? 0 : Math.min(transfer.bytes(),
                    (long) ((double) transfer.bytes() / transfer.blocks() * links));
        } finally {
            lock.unlock();
        }
    }

    private boolean isServing(RequestId id) {
        lock.lock();
        try {
            return id.equals(serving) && !Thread.currentThread().isInterrupted();
        } finally {
            lock.unlock();
        }
    }

    private void sent(RequestId id, DagSender dag, long before) {
        lock.lock();
        try {
            if (!id.equals(serving)) {
                return;
            }
            lastByteAt = base.nanos();
            failures = dag.carBytes() > 0 ? 0 : failures;
            Long total = transfer.totalBytes();
            long bytes = before + dag.carBytes();
            transfer = transfer.withProgress(total == null ? bytes : Math.min(total, bytes), dag.position(),
                    base.now());
            if (dag.isDone()) {
                transfer = base.save(atEnd().withStatus(TransferStatus.SENT, base.now()));
            } else if (transfer.status() != TransferStatus.ONGOING) {
                transfer = base.save(transfer.withStatus(TransferStatus.ONGOING, base.now()));
            } else if (base.nanos() - savedAt > base.settings().progressEvery().toNanos()) {
                savedAt = base.nanos();
                base.saveProgress(transfer);
            }
        } finally {
            lock.unlock();
        }
    }

    private Transfer atEnd() {
        Long total = transfer.totalBytes();
        return total == null ? transfer : transfer.withProgress(total, transfer.blocks(), base.now());
    }

    /** The miner gave the request up, or the stream to it broke. */
    void broke(RequestId id, String reason) {
        lock.lock();
        try {
            if (id.equals(serving)) {
                tryLater(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was under way is taken up again, unless that is planned already. */
    void connectionLost() {
        lock.lock();
        try {
            if (retryAt == null && !isAnnouncing && !transfer.status().isEnd()) {
                tryLater("the connection to the miner was lost");
            }
        } finally {
            lock.unlock();
        }
    }

    private void tryLater(String reason) {
        if (transfer.status().isEnd()) {
            return;
        }
        serving = null;
        failures++;
        if (failures > base.settings().maxRestarts()) {
            endLocked(TransferStatus.FAILED, "gave up after " + (failures - 1) + " restarts: " + reason);
            return;
        }
        Duration delay = base.settings().restartDelay();
        for (int i = 1; i < failures && delay.compareTo(LONGEST_DELAY) < 0; i++) {
            delay = delay.multipliedBy(DELAY_FACTOR);
        }
        retryAt = base.nanos() + (delay.compareTo(LONGEST_DELAY) > 0 ? LONGEST_DELAY : delay).toNanos();
        boolean hasBegun = transfer.status() != TransferStatus.REQUESTED;
        transfer = base.save(
                transfer.withStatus(hasBegun ? TransferStatus.STALLED : TransferStatus.REQUESTED, reason, base.now()));
    }

    /** Called now and then: restarts what is due, looks for silence. */
    void look() {
        if (!lock.tryLock()) {
            return; // busy, so not silent
        }
        try {
            if (transfer.status().isEnd()) {
                return;
            }
            if (retryAt != null) {
                if (base.nanos() - retryAt >= 0) {
                    announce();
                }
            } else if (base.isIdleSince(lastByteAt) && !isAnnouncing) {
                silent();
            }
        } finally {
            lock.unlock();
        }
    }

    /** A miner that has accepted nothing yet may have no place free: it is reminded, and nothing is counted. */
    private void silent() {
        if (transfer.status() == TransferStatus.REQUESTED || transfer.status() == TransferStatus.STALLED) {
            announce();
        } else {
            tryLater("the miner took no byte for " + base.settings().idle().toSeconds() + " s");
        }
    }

    /** The miner answers on the data-transfer protocol. */
    void hear(TransferResponse response) {
        switch (response.type()) {
            case NEW, RESTART -> {
                if (!response.isAccepted()) {
                    close(TransferStatus.FAILED, "the miner refused the transfer");
                }
            }
            case COMPLETE -> {
                if (response.isAccepted()) {
                    completed();
                } else {
                    close(TransferStatus.FAILED, "the miner ended the transfer as failed");
                }
            }
            case CANCEL -> close(TransferStatus.CANCELLED, TransferServer.CANCELLED + " by the miner");
            default -> LOG.debug("transfer {}: the miner's {} changes nothing here", channel, response.type());
        }
    }

    private void completed() {
        lock.lock();
        try {
            if (!transfer.status().isEnd()) {
                serving = null;
                transfer = base.save(atEnd().withStatus(TransferStatus.COMPLETED, base.now()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends the transfer and tells the miner. */
    void end(TransferStatus end, String reason) {
        lock.lock();
        try {
            endLocked(end, reason);
        } finally {
            lock.unlock();
        }
    }

    private void endLocked(TransferStatus end, String reason) {
        if (close(end, reason)) {
            base.workers().tell(() ->
                    base.wire().tell(order.miner(), order.addresses(), TransferRequest.cancel(channel.id())));
        }
    }

    private boolean close(TransferStatus end, String reason) {
        lock.lock();
        try {
            if (transfer.status().isEnd()) {
                return false;
            }
            serving = null;
            transfer = base.save(transfer.withStatus(end, reason, base.now()));
            return true;
        } finally {
            lock.unlock();
        }
    }
}
