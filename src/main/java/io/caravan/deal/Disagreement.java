package io.caravan.deal;

import io.caravan.codec.Cid;

/**
 * Something about a live deal on which two of its witnesses differ: we, the other side, the chain, sealing.
 *
 * @param code such as {@code A2}
 * @param between the two, such as {@code daemon and miner}
 * @param sentence what each of them says
 * @param plan what this node will do about it, and when; or what a person has to do
 */
public record Disagreement(Cid proposalCid, String code, String between, String sentence, String plan) {}
