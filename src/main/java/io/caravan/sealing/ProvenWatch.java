package io.caravan.sealing;

import io.caravan.model.FilAddress;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.store.SectorStore;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * Looks at the chain for all proven sectors together: two calls a period, however many sectors there are. Faults and
 * recoveries are noted; a sector that is not on chain any more is woken, and its own step says what became of it.
 */
public final class ProvenWatch {

    private static final int PAGE = 500;

    private final FilAddress miner;
    private final SealingTools tools;
    private final SectorStore sectors;

    /** @param miner the ID address of the miner whose sectors these are */
    public ProvenWatch(FilAddress miner, SealingTools tools) {
        this.miner = miner;
        this.tools = tools;
        this.sectors = tools.sectors();
    }

    /** One look; calling it again does no harm. */
    public void look() {
        if (sectors.list(Set.of(SectorState.PROVING), null, 1).isEmpty()) {
            return;
        }
        Set<SectorNumber> live = tools.chain().sectorNumbers(miner);
        Set<SectorNumber> faulty = tools.chain().faultySectors(miner);
        SectorNumber last = null;
        List<Sector> page;
        do {
            page = sectors.unlike(live, faulty, last, PAGE);
            page.forEach(sector -> judge(sector, live, faulty));
            last = page.isEmpty() ? last : page.get(page.size() - 1).number();
        } while (page.size() == PAGE);
    }

    private void judge(Sector sector, Set<SectorNumber> live, Set<SectorNumber> faulty) {
        if (!live.contains(sector.number())) {
            Instant now = tools.clock().instant();
            sectors.signal(sector.number(), found -> found.withRunAfter(now));
        } else if (faulty.contains(sector.number())) {
            sectors.signal(sector.number(), found -> found.withStage(SectorStage.FAULTY)
                    .withMessage(found.message() == null ? "the chain has it as faulty" : found.message()),
                    SectorEvent.FAULTED);
        } else {
            sectors.signal(sector.number(), found -> found.withStage(SectorStage.COMPUTING)
                    .withMessage(null), SectorEvent.RECOVERED);
        }
    }
}
