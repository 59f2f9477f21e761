package io.caravan.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One line of a sector's history: an event and where it led.
 *
 * @param seq counts a sector's events from 1 without a gap
 * @param note the reason or detail in words; null when the event says it all
 */
public record SectorMove(SectorNumber number, long seq, SectorEvent event, SectorState from, SectorState to,
        @Nullable String note, Instant at) {}
