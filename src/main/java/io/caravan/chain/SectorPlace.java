package io.caravan.chain;

import io.caravan.model.SectorNumber;

/** Where a piece lies; {@code offset} in padded bytes from the sector's beginning. */
public record SectorPlace(SectorNumber sector, long offset) {
}
