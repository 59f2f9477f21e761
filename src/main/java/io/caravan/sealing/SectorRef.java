package io.caravan.sealing;

import io.caravan.model.FilAddress;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;

/** Which sector an engine works on; {@code miner} is an ID address. */
public record SectorRef(FilAddress miner, SectorNumber number, SealProof proof) {

    static SectorRef of(Sector sector) {
        return new SectorRef(sector.miner(), sector.number(), SealProof.ofNumber(sector.sealProof()));
    }

    /** The name of its files, as the network's own software writes it: {@code s-t01000-7}. */
    public String fileName() {
        return "s-t0" + miner.actorId() + "-" + number;
    }

    @Override
    public String toString() {
        return "sector " + number;
    }
}
