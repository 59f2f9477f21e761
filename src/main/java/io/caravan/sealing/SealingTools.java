package io.caravan.sealing;

import io.caravan.chain.Chain;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.store.MessageStore;
import io.caravan.store.SectorBatches;
import io.caravan.store.SectorStore;
import java.time.Clock;

/** What the steps of sealing work with. */
public record SealingTools(Chain chain, SectorStore sectors, SectorBatches batches, MessageStore messages, MessageLane lane,
        MessageWatcher watcher,
        SealingEngine engine, SealingConfig config, Clock clock, SealingRoom room) {}
