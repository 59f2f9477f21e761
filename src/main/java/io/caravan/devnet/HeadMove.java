package io.caravan.devnet;

import java.util.List;

/** One change of the head: blocks taken back, newest first, then blocks added, oldest first. */
record HeadMove(List<Block> reverted, List<Block> applied) {

    HeadMove {
        reverted = List.copyOf(reverted);
        applied = List.copyOf(applied);
    }
}
