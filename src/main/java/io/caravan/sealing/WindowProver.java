package io.caravan.sealing;

import io.caravan.codec.Bytes;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import java.util.List;
import java.util.Map;

/** Proves from their files that sealed sectors are still there (sealing §3.5). */
public interface WindowProver {

    /**
     * What came of it.
     *
     * @param proof of all sectors that are not damaged, in the order given; empty bytes when all are
     * @param damaged why a sector cannot be proven, for people to read
     */
    record Result(Bytes proof, Map<SectorNumber, String> damaged) {

        public Result {
            damaged = Map.copyOf(damaged);
        }
    }

    /**
     * Looks at each sector's files and proves those that are whole where the randomness points.
     *
     * @param sectors of one kind, with their CommR
     * @param randomness 32 bytes as the chain gives them
     * @throws io.caravan.model.RetryableException when files cannot be read now
     */
    Result prove(List<Sector> sectors, Bytes randomness);
}
