package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.model.Role;
import io.caravan.piece.PieceCommitment;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one data transfer that must survive a crash.
 *
 * @param role CLIENT sends, PROVIDER receives
 * @param channel the key, together with the role
 * @param payloadCid root of the DAG that moves
 * @param bytes bytes of the payload as a CAR that were sent or received so far; a sender that was restarted may
 * estimate
 * @param blocks links of the traversal passed so far; a link that occurs twice counts twice
 * @param totalBytes bytes of the whole CAR, if known; what a client declared may be wrong
 * @param restarts restarts so far
 * @param error why it stalled, failed or was cancelled, or what it waits for before it begins; null otherwise
 * @param received provider, once COMPLETED: commP over the CAR in its smallest piece, and the CAR's bytes
 * @param pace since when and how fast bytes move
 * @param updatedAt when this was recorded
 */
public record Transfer(Role role, ChannelId channel, Cid proposalCid, Cid payloadCid, TransferStatus status, long bytes,
                       long blocks, @Nullable Long totalBytes, int restarts, @Nullable String error,
                       @Nullable PieceCommitment received, Pace pace, Instant updatedAt) {

    /**
     * How a transfer moves on.
     *
     * @param startedAt when the deal's first channel was opened
     * @param progressAt when the last byte moved; before the first one {@code startedAt}. A restart does not touch it
     * @param bytesPerSecond of late; 0 while nothing moves
     */
    public record Pace(Instant startedAt, Instant progressAt, long bytesPerSecond) {

        /** Opened now, nothing moved yet. */
        public static Pace from(Instant now) {
            return new Pace(now, now, 0);
        }
    }

    public Transfer {
        if (bytes < 0 || blocks < 0 || restarts < 0) {
            throw new IllegalArgumentException("a transfer counts upwards: " + bytes + " bytes, " + blocks + " blocks");
        }
    }

    static Transfer start(Role role, ChannelId channel, Cid proposalCid, Cid payloadCid, @Nullable Long totalBytes,
            Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, TransferStatus.REQUESTED, 0, 0, totalBytes, 0, null,
                null, Pace.from(at), at);
    }

    /** The same deal's data by another channel: what came stays, and so does the time since which none came. */
    Transfer continuedBy(ChannelId next, Instant at) {
        return new Transfer(role, next, proposalCid, payloadCid, TransferStatus.REQUESTED, bytes, blocks, totalBytes, 0,
                null, null, new Pace(pace.startedAt(), pace.progressAt(), 0), at);
    }

    /** The peer at the other end. */
    public PeerId peer() {
        return role == Role.CLIENT ? channel.responder() : channel.initiator();
    }

    /** How long the rest takes at the present pace; empty while nobody can tell. */
    public Optional<Duration> timeLeft() {
        Long total = totalBytes;
        boolean isKnown = total != null && status == TransferStatus.ONGOING && pace.bytesPerSecond() > 0;
        return isKnown ? Optional.of(Duration.ofSeconds(Math.max(0, total - bytes) / pace.bytesPerSecond()))
                : Optional.empty();
    }

    Transfer withStatus(TransferStatus next, Instant at) {
        return with(next, null, at);
    }

    Transfer withStatus(TransferStatus next, String why, Instant at) {
        return with(next, why, at);
    }

    private Transfer with(TransferStatus next, @Nullable String why, Instant at) {
        boolean moves = next == TransferStatus.ONGOING || next.isEnd();
        Pace then = moves ? pace : new Pace(pace.startedAt(), pace.progressAt(), 0);
        return new Transfer(role, channel, proposalCid, payloadCid, next, bytes, blocks, totalBytes, restarts, why,
                received, then, at);
    }

    /** @param moved whether a byte moved, so that its time is noted */
    Transfer withProgress(long allBytes, long allBlocks, boolean moved, Instant at) {
        Pace then = moved ? new Pace(pace.startedAt(), at, pace.bytesPerSecond()) : pace;
        return new Transfer(role, channel, proposalCid, payloadCid, status, allBytes, allBlocks, totalBytes, restarts,
                error, received, then, at);
    }

    Transfer withRate(long bytesPerSecond) {
        return new Transfer(role, channel, proposalCid, payloadCid, status, bytes, blocks, totalBytes, restarts, error,
                received, new Pace(pace.startedAt(), pace.progressAt(), bytesPerSecond), updatedAt);
    }

    Transfer withRestart(Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, status, bytes, blocks, totalBytes, restarts + 1,
                error, received, pace, at);
    }

    Transfer withReceived(PieceCommitment commitment, Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, TransferStatus.COMPLETED, bytes, blocks, totalBytes,
                restarts, null, commitment, pace, at);
    }
}
