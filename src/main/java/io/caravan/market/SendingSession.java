package io.caravan.market;

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

    private final TransferBase base;
    private final PushOrders orders;
    private final PayloadSender sender;
    private final ChannelId channel;
    /** As last looked up: a miner may move to another address between two restarts. */
    private volatile PushOrders.PushOrder order;

    /** Guards everything below; blocks are read and sent outside of it. */
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Transfer transfer;
    private @Nullable RequestId serving;
    /** What the miner asked for and no thread of ours has begun to send: so many transfers move already. */
    private @Nullable GraphsyncRequest next;
    private boolean isInLine;
    private boolean isAnnounced;
    private boolean isAnnouncing;
    private final RestartPlan restarts;
    private final TransferRate rate = new TransferRate();
    private long lastByteAt;
    private volatile long wroteAt;
    private long savedAt;

    /** @param isAnnounced whether the miner has heard of the channel, as far as we know */
    SendingSession(TransferBase base, PushOrders orders, PushOrders.PushOrder order, Transfer transfer,
            boolean isAnnounced) {
        this.base = base;
        this.lastByteAt = base.nanos();
        this.wroteAt = lastByteAt;
        this.orders = orders;
        this.sender = new PayloadSender(base, orders);
        this.order = order;
        this.transfer = transfer;
        this.channel = transfer.channel();
        this.isAnnounced = isAnnounced;
        this.restarts = new RestartPlan(() -> base.settings().timing().restarts(), base::nanos);
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
            restarts.clear();
            lastByteAt = base.nanos();
            isAnnouncing = base.workers().tell(this::sendAnnouncement);
        } finally {
            lock.unlock();
        }
    }

    /** An operator's restart: at once, and with all tries left. */
    void announceAfresh() {
        lock.lock();
        try {
            restarts.worked();
            announce();
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
            if (transfer.status() == TransferStatus.REQUESTED) {
                restarts.worked(); // the miner is there, and nothing is to be sent before it asks
            } else if (type == TransferType.RESTART && !transfer.status().isEnd()) {
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
            if (!isInLine && !base.workers().move(this::serveNext)) {
                return GraphsyncResponse.BUSY;
            }
            isInLine = true;
            next = request;
            serving = request.id();
            restarts.clear();
            isAnnounced = true;
            lastByteAt = base.nanos();
            transfer = base.save(transfer.withStatus(TransferStatus.QUEUED, base.now()));
            return 0;
        } finally {
            lock.unlock();
        }
    }

    /** A thread is free; what it was wanted for may have been given up meanwhile, and is asked for again then. */
    private void serveNext() {
        GraphsyncRequest request;
        lock.lock();
        try {
            isInLine = false;
            request = next;
            next = null;
            rate.begin(transfer.bytes(), base.nanos());
        } finally {
            lock.unlock();
        }
        if (request == null) {
            announce();
        } else {
            sender.send(order, request, this);
        }
    }

    /**
     * What the first so many links take in a CAR, as far as the last progress tells: it is not worth reading them
     * again.
     */
    long estimate(long links) {
        lock.lock();
        try {
            return transfer.blocks() == 0 ? 0 : Math.min(transfer.bytes(),
                    (long) ((double) transfer.bytes() / transfer.blocks() * links));
        } finally {
            lock.unlock();
        }
    }

    /** Whether the answer to that request is still wanted. */
    boolean isServing(RequestId id) {
        lock.lock();
        try {
            return id.equals(serving) && !Thread.currentThread().isInterrupted();
        } finally {
            lock.unlock();
        }
    }

    /** Bytes of a message have gone, if not yet all of it. */
    void wrote() {
        wroteAt = base.nanos();
    }

    /** One more message is out; {@code before} is what the links that were left out take. */
    void sent(RequestId id, DagSender dag, long before) {
        lock.lock();
        try {
            if (!id.equals(serving)) {
                return;
            }
            boolean moved = dag.carBytes() > 0;
            lastByteAt = base.nanos();
            if (moved) {
                restarts.worked();
            }
            Long total = transfer.totalBytes();
            long bytes = before + dag.carBytes();
            transfer = transfer.withProgress(total == null ? bytes : Math.min(total, bytes), dag.position(), moved,
                    base.now());
            if (dag.isDone()) {
                transfer = base.save(atEnd().withStatus(TransferStatus.SENT, base.now()));
            } else if (transfer.status() != TransferStatus.ONGOING) {
                transfer = base.save(transfer.withStatus(TransferStatus.ONGOING, base.now()));
            } else if (base.isProgressDue(savedAt)) {
                savedAt = base.nanos();
                transfer = transfer.withRate(rate.read(transfer.bytes(), savedAt));
                base.saveProgress(transfer);
            }
        } finally {
            lock.unlock();
        }
    }

    private Transfer atEnd() {
        Long total = transfer.totalBytes();
        return total == null ? transfer : transfer.withProgress(total, transfer.blocks(), false, base.now());
    }

    /** The miner gave the request up, or the stream to it broke. */
    void broke(RequestId id, String reason) {
        lock.lock();
        try {
            if (id.equals(serving)) {
                interrupted(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What was under way is taken up again, unless that is planned already. */
    void connectionLost() {
        lock.lock();
        try {
            if (!restarts.isPlanned() && !isAnnouncing && !transfer.status().isEnd()) {
                interrupted("the connection to the miner was lost");
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody failed while we had no thread for it: the one that comes free asks the miner to ask again. */
    private void interrupted(String reason) {
        if (isInLine && next != null && !transfer.status().isEnd()) {
            serving = null;
            next = null;
            transfer = base.save(transfer.withStatus(TransferStatus.STALLED,
                    base.settings().places().active() + " other transfers move here: " + reason, base.now()));
        } else {
            tryLater(reason);
        }
    }

    private void tryLater(String reason) {
        if (transfer.status().isEnd()) {
            return;
        }
        serving = null;
        next = null;
        if (!restarts.broke()) {
            endLocked(TransferStatus.FAILED, "gave up after " + base.settings().timing().restarts().most()
                    + " restarts: " + reason);
            return;
        }
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
            if (restarts.isPlanned()) {
                if (restarts.isDue()) {
                    announce();
                }
            } else if (base.isIdleSince(lastByteAt, wroteAt) && !isAnnouncing && !isInLine) {
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
            tryLater("the miner took no byte for " + base.stall().toSeconds() + " s");
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
            case CANCEL -> close(TransferStatus.CANCELLED, TransferServer.CANCELLED);
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
