package io.caravan.piece;

/** What was written: bytes of the CARv1, header included, and blocks in it. */
public record CarSummary(long bytes, long blocks) {
}
