package io.caravan.sealing;

import io.caravan.chain.Chain;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.store.MessageStore;
import io.caravan.store.SectorBatches;
import io.caravan.store.SectorStore;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What the steps of sealing work with.
 *
 * @param live how sealing behaves, which may change
 */
public record SealingTools(Chain chain, SectorStore sectors, SectorBatches batches, MessageStore messages, MessageLane lane,
        MessageWatcher watcher,
        SealingEngine engine, Supplier<SealingConfig> live, Clock clock, SealingRoom room) {

    /** As it is now; to be asked for at each use. */
    SealingConfig config() {
        return live.get();
    }
}
