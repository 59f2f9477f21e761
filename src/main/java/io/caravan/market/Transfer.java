package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.model.Role;
import io.caravan.piece.PieceCommitment;
import java.time.Instant;
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
 * @param totalBytes bytes of the whole CAR, if known
 * @param restarts restarts so far
 * @param error why it stalled, failed or was cancelled; null otherwise
 * @param received provider, once COMPLETED: commP over the CAR in its smallest piece, and the CAR's bytes
 * @param updatedAt when this was recorded
 */
public record Transfer(Role role, ChannelId channel, Cid proposalCid, Cid payloadCid, TransferStatus status, long bytes,
                       long blocks, @Nullable Long totalBytes, int restarts, @Nullable String error,
                       @Nullable PieceCommitment received, Instant updatedAt) {

    public Transfer {
        if (bytes < 0 || blocks < 0 || restarts < 0) {
            throw new IllegalArgumentException("a transfer counts upwards: " + bytes + " bytes, " + blocks + " blocks");
        }
    }

    static Transfer start(Role role, ChannelId channel, Cid proposalCid, Cid payloadCid, @Nullable Long totalBytes,
            Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, TransferStatus.REQUESTED, 0, 0, totalBytes, 0, null,
                null, at);
    }

    /** The peer at the other end. */
    public PeerId peer() {
        return role == Role.CLIENT ? channel.responder() : channel.initiator();
    }

    Transfer withStatus(TransferStatus next, Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, next, bytes, blocks, totalBytes, restarts, null,
                received, at);
    }

    Transfer withStatus(TransferStatus next, String why, Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, next, bytes, blocks, totalBytes, restarts, why,
                received, at);
    }

    Transfer withProgress(long allBytes, long allBlocks, Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, status, allBytes, allBlocks, totalBytes, restarts,
                error, received, at);
    }

    Transfer withRestart(Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, status, bytes, blocks, totalBytes, restarts + 1,
                error, received, at);
    }

    Transfer withReceived(PieceCommitment commitment, Instant at) {
        return new Transfer(role, channel, proposalCid, payloadCid, TransferStatus.COMPLETED, bytes, blocks, totalBytes,
                restarts, null, commitment, at);
    }
}
