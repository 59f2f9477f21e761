package io.caravan.camel;

import io.caravan.store.Subscription;
import io.caravan.time.Timeline;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Where moves of one kind come from.
 *
 * @param topic as the outbox calls them: client, provider or sector
 * @param onMove calls back after each move that this node made
 */
record MoveSource(String topic, Function<Runnable, Subscription> onMove, Supplier<TurnScheduler> scheduler, Timeline timeline) {}
