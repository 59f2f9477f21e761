package io.caravan.store;

import org.jspecify.annotations.Nullable;

/**
 * A move as a receiver gets it: the outbox line, and of a deal what it is about as its row says now.
 *
 * @param message the deal's message; null without one, and for a sector
 * @param dealId the deal's number on chain; null while it has none, and for a sector
 */
public record FeedLine(Outbox.Line line, @Nullable String message, @Nullable Long dealId, @Nullable String pieceCid,
        @Nullable String payloadCid) {}
