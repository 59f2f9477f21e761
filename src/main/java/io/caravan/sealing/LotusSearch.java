package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.LotusMiner;
import io.caravan.chain.MinerSector;
import io.caravan.chain.SectorPlace;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.model.SectorNumber;
import io.caravan.store.LotusPiece;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks through all sectors of a Lotus miner for pieces of which nobody knows whether it took them. */
final class LotusSearch {

    private final LotusMiner miner;

    LotusSearch(LotusMiner miner) {
        this.miner = miner;
    }

    /** A piece looked for. */
    record Wanted(LotusPiece asked, Cid pieceCid) {}

    /**
     * What was found.
     *
     * @param places by the deals' proposals
     * @param obstacle why what was not found may be there all the same; null when it is nowhere
     */
    record Result(Map<Cid, SectorPlace> places, @Nullable String obstacle) {}

    /** Newest sectors first, for that is where a lost piece lies; ends as soon as all are found. */
    Result look(List<Wanted> wanted) {
        Map<Cid, SectorPlace> places = new HashMap<>();
        String obstacle = null;
        for (SectorNumber number : miner.sectors().stream().sorted(Comparator.reverseOrder()).toList()) {
            try {
                MinerSector sector = miner.status(number);
                if (LotusStep.isRemoved(sector.state())) {
                    continue;
                }
                for (Wanted one : wanted) {
                    sector.offsetOf(one.asked().dealId(), one.pieceCid()).ifPresent(offset ->
                            places.putIfAbsent(one.asked().proposalCid(), new SectorPlace(number, offset)));
                }
                if (LotusStep.isAdding(sector.state())) {
                    obstacle = "sector " + number + " of the Lotus miner is being written";
                }
            } catch (ChainRefusedException | CodecException e) {
                obstacle = "sector " + number + " of the Lotus miner cannot be looked into: " + e.getMessage();
            }
            if (places.size() == wanted.size()) {
                break;
            }
        }
        return new Result(places, obstacle);
    }
}
