package io.caravan.store;

import io.caravan.codec.Cid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How far asking a Lotus miner for a deal's piece has come.
 *
 * @param dealId the number by which the miner was told of the deal
 * @param token what the bytes are fetched with
 * @param asks how often the miner was asked
 * @param lookAfter while asking: when the answer counts as lost; while unsure: when to look for the piece next
 * @param takenAt when the last byte was let go; null as long as nobody can have the whole piece
 */
public record LotusPiece(Cid proposalCid, long dealId, String token, Status status, int asks, Instant lookAfter,
        @Nullable Instant takenAt) {

    /** What is known. */
    public enum Status {
        /** The miner is being asked; an answer may come. */
        ASKING,
        /** There is no answer, or none that says where the piece lies. */
        UNSURE,
        /** It lies in a sector. */
        PLACED
    }
}
