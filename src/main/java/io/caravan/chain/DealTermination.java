package io.caravan.chain;

import io.caravan.model.Epoch;

/** The market's announcement that a deal ended before its time (event {@code deal-terminated}, chain-and-rpc §4.6). */
public record DealTermination(long dealId, Epoch epoch) {}
