package io.caravan.market;

import io.caravan.libp2p.Libp2pException;
import io.caravan.model.PaddedPieceSize;
import io.caravan.piece.PieceCommitment;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One transfer as its provider sees it: asks for the DAG, takes what comes, and stays ready to go on where it stopped.
 * What it received is in the staging file, so a session made after a crash knows as much as the one before.
 */
final class ReceivingSession {

    /** A transfer that stalled so long lets go of its file; taking it up again reads the file once more. */
    private static final Duration KEPT_OPEN = Duration.ofMinutes(10);

    /** What the session tells those who keep it. */
    interface Owner {

        /** From now on answers to this request are for that session. */
        void requesting(RequestId id, ReceivingSession session);

        /** Answers to this request are for nobody any more. */
        void requestEnded(RequestId id);

        /** The session moves no bytes for now. */
        void paused(ReceivingSession session);

        /** The session is over; its transfer's status is an end. */
        void ended(ReceivingSession session);
    }

    private static final Logger LOG = LoggerFactory.getLogger(ReceivingSession.class);

    private final TransferBase base;
    private final Owner owner;
    private final ChannelId channel;
    private final Path stagingCar;
    private final PaddedPieceSize pieceSize;

    /** Guards everything below: messages of one transfer are taken one after the other, whatever thread brings them. */
    private final ReentrantLock lock = new ReentrantLock();
    private volatile Transfer transfer;
    private @Nullable DagReceiver dag;
    private @Nullable RequestId request;
    private final TransferRate rate = new TransferRate();
    private long lastByteAt;
    private volatile long heardAt;
    private long savedAt;
    private boolean isPending;

    ReceivingSession(TransferBase base, Owner owner, Transfer transfer, PushDeals.PushDeal deal) {
        this.base = base;
        this.lastByteAt = base.nanos();
        this.heardAt = lastByteAt;
        this.owner = owner;
        this.transfer = transfer;
        this.channel = transfer.channel();
        this.stagingCar = deal.stagingCar();
        this.pieceSize = deal.pieceSize();
    }

    ChannelId channel() {
        return channel;
    }

    /** As last journalled or a little ahead of it; never waits. */
    Transfer transfer() {
        return transfer;
    }

    /**
     * The client asked to go on; a request that is under way is given up for the one that {@link #begin} will make. One
     * that has not begun yet stays as it is, however often the client asks.
     *
     * @return whether {@link #begin} is to be called
     */
    boolean restarting() {
        lock.lock();
        try {
            if (transfer.status().isEnd() || isPending) {
                return false;
            }
            giveUpRequest();
            lastByteAt = base.nanos();
            isPending = true;
            transfer = base.save(transfer.withRestart(base.now()).withStatus(TransferStatus.REQUESTED, base.now()));
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Says in the journal what a transfer that has not begun waits for. */
    void waiting(String what) {
        lock.lock();
        try {
            if (transfer.status() == TransferStatus.REQUESTED) {
                transfer = base.save(transfer.withStatus(TransferStatus.REQUESTED, what, base.now()));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Requests the DAG from the client, leaving out what is in the staging file. Reads that file if it is not open. */
    void begin(TransferType answering) {
        GraphsyncRequest ask;
        lock.lock();
        try {
            isPending = false;
            if (transfer.status().isEnd()) {
                owner.ended(this); // while it waited for its place, which it gives back
                return;
            }
            if (transfer.status() != TransferStatus.REQUESTED) {
                return; // begun already
            }
            ask = prepare(answering);
        } catch (IOException | RuntimeException e) {
            LOG.debug("transfer {} cannot begin", channel, e);
            closeDag(); // opened anew at the next restart
            stallLocked("the staging file cannot be read: " + e.getMessage());
            return;
        } finally {
            lock.unlock();
        }
        try {
            base.wire().send(channel.initiator(), GraphsyncMessage.of(ask));
        } catch (Libp2pException e) {
            stall("the data could not be requested: " + e.getMessage());
        }
    }

    private GraphsyncRequest prepare(TransferType answering) throws IOException {
        if (dag == null) {
            dag = DagReceiver.open(stagingCar, transfer.payloadCid(), pieceSize.unpadded().bytes(), base.settings());
        }
        long held = dag.restart();
        RequestId id = RequestId.random();
        request = id;
        owner.requesting(id, this);
        lastByteAt = base.nanos();
        rate.begin(dag.carBytes(), lastByteAt);
        transfer = base.save(transfer.withProgress(dag.carBytes(), held, false, base.now())
                .withStatus(TransferStatus.QUEUED, base.now()));
        TransferResponse acceptance = TransferResponse.of(answering, true, channel.id());
        return GraphsyncRequest.push(id, transfer.payloadCid(), acceptance, held);
    }

    /** Bytes came that are for this transfer, if not yet a whole message. */
    void heard() {
        heardAt = base.nanos();
    }

    /**
     * Takes one part of the answer to our request; what answers an older one is dropped. Returns false where it took
     * not all of it, for whatever reason: blocks that are left over then are nobody's fault.
     */
    boolean take(GraphsyncResponse response, MessageBlocks blocks) {
        lock.lock();
        try {
            if (!response.id().equals(request)) {
                return false;
            }
            if (!response.metadata().isEmpty()) {
                lastByteAt = base.nanos(); // empty answers keep no transfer alive
            }
            if (transfer.status() != TransferStatus.ONGOING) {
                transfer = base.save(transfer.withStatus(TransferStatus.ONGOING, base.now()));
            }
            takeLinks(response, blocks);
            return true;
        } catch (BrokenTransferException e) {
            endLocked(TransferStatus.FAILED, e.getMessage());
        } catch (IllegalArgumentException e) {
            endLocked(TransferStatus.FAILED, "the peer sent a block that is none: " + e.getMessage());
        } catch (IOException e) {
            closeDag(); // opened anew at the next restart
            stallLocked("the staging file cannot be written: " + e.getMessage());
        } finally {
            lock.unlock();
        }
        return false;
    }

    private void takeLinks(GraphsyncResponse response, MessageBlocks blocks) throws IOException {
        DagReceiver receiver = Objects.requireNonNull(dag);
        for (GraphsyncResponse.Link link : response.metadata()) {
            receiver.take(link, blocks);
        }
        boolean moved = receiver.carBytes() > transfer.bytes();
        transfer = transfer.withProgress(receiver.carBytes(), receiver.position(), moved, base.now());
        if (receiver.isDone()) {
            complete(receiver.finish());
        } else if (response.isTerminal()) {
            brokenOff(response.status());
        } else if (base.isProgressDue(savedAt)) {
            savedAt = base.nanos();
            transfer = transfer.withRate(rate.read(receiver.carBytes(), savedAt));
            base.saveProgress(transfer);
        }
    }

    private void brokenOff(int status) {
        if (status == GraphsyncResponse.BUSY || status == GraphsyncResponse.UNKNOWN
                || status == GraphsyncResponse.CANCELLED) {
            stallLocked("the client broke off with graphsync status " + status);
        } else {
            throw new BrokenTransferException("the client ended with graphsync status " + status
                    + " before the DAG was complete");
        }
    }

    private void complete(PieceCommitment commitment) {
        transfer = base.save(transfer.withReceived(commitment, base.now()));
        letGo();
        tell(TransferResponse.of(TransferType.COMPLETE, true, channel.id()));
    }

    /** Ends the transfer and tells the client. */
    void end(TransferStatus end, String reason) {
        lock.lock();
        try {
            endLocked(end, reason);
        } finally {
            lock.unlock();
        }
    }

    private void endLocked(TransferStatus end, String reason) {
        if (closeLocked(end, reason)) {
            tell(TransferResponse.of(TransferType.CANCEL, false, channel.id()));
        }
    }

    /** Ends the transfer without a word: the client cancelled it, or has another channel for the same deal. */
    void endSilently(String reason) {
        lock.lock();
        try {
            closeLocked(TransferStatus.CANCELLED, reason);
        } finally {
            lock.unlock();
        }
    }

    private boolean closeLocked(TransferStatus end, String reason) {
        if (transfer.status().isEnd()) {
            return false;
        }
        giveUpRequest();
        transfer = base.save(transfer.withStatus(end, reason, base.now()));
        letGo();
        return true;
    }

    /** Everything stays as it is for the client's restart. */
    void stall(String reason) {
        lock.lock();
        try {
            stallLocked(reason);
        } finally {
            lock.unlock();
        }
    }

    /** A request that is out will not be answered. */
    void connectionLost() {
        lock.lock();
        try {
            if (request != null) {
                stallLocked("the connection to the client was lost");
            }
        } finally {
            lock.unlock();
        }
    }

    /** The stream that brought answers to this request broke; a later request is not touched. */
    void streamBroke(RequestId fedBy, String reason) {
        lock.lock();
        try {
            if (fedBy.equals(request)) {
                stallLocked(reason);
            }
        } finally {
            lock.unlock();
        }
    }

    private void stallLocked(String reason) {
        if (!transfer.status().isEnd()) {
            isPending = false;
            giveUpRequest();
            transfer = base.save(transfer.withStatus(TransferStatus.STALLED, reason, base.now()));
            owner.paused(this);
        }
    }

    /** Called now and then: looks for silence. How long a silent transfer is kept is for its deal to say. */
    void look() {
        if (!lock.tryLock()) {
            return; // busy, so not silent
        }
        try {
            boolean moving = transfer.status() == TransferStatus.QUEUED || transfer.status() == TransferStatus.ONGOING;
            if (moving && base.isIdleSince(lastByteAt, heardAt)) {
                stallLocked("no byte came for " + base.stall().toSeconds() + " s");
            } else if (transfer.status() == TransferStatus.STALLED
                    && base.nanos() - lastByteAt > KEPT_OPEN.toNanos()) {
                closeDag();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the file; the journal is not touched. */
    void close() {
        lock.lock();
        try {
            request = null;
            closeDag();
        } finally {
            lock.unlock();
        }
    }

    private void giveUpRequest() {
        RequestId old = request;
        if (old != null) {
            request = null;
            owner.requestEnded(old);
            base.workers().tell(() -> base.wire().send(channel.initiator(),
                    new GraphsyncMessage(List.of(GraphsyncRequest.cancel(old)), List.of(), List.of())));
        }
    }

    private void letGo() {
        RequestId old = request;
        if (old != null) {
            request = null;
            owner.requestEnded(old);
        }
        closeDag();
        owner.ended(this);
    }

    private void closeDag() {
        try {
            if (dag != null) {
                dag.close();
            }
        } catch (IOException e) {
            LOG.warn("transfer {}: its staging file was not closed: {}", channel, e.toString());
        } finally {
            dag = null;
        }
    }

    private void tell(TransferMessage message) {
        base.workers().tell(() -> base.wire().tell(channel.initiator(), List.of(), message));
    }
}
