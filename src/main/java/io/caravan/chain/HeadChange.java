package io.caravan.chain;

import java.util.List;

/** One move of the head: tipsets taken back (newest first), then tipsets added (oldest first). */
public record HeadChange(List<TipSet> reverted, List<TipSet> applied) {

    public HeadChange {
        reverted = List.copyOf(reverted);
        applied = List.copyOf(applied);
    }
}
