package io.caravan.node;

import io.caravan.model.SectorState;
import io.caravan.store.SectorStore;
import io.caravan.store.SettingStore;
import java.util.Map;

/**
 * Remembers in the role's database which engine seals its sectors. Another engine finds none of what they need in their files,
 * so the miner does not start with it while there are sectors that it would spoil.
 */
final class EngineMemory {

    private static final String KEPT = "sealing.by";

    private final SettingStore kept;
    private final SectorStore sectors;

    EngineMemory(SettingStore kept, SectorStore sectors) {
        this.kept = kept;
        this.sectors = sectors;
    }

    /**
     * Notes that this engine seals from now on.
     *
     * @throws StartException there are sectors of another engine that this one cannot go on with; nothing is changed
     */
    void use(String engine) {
        String before = kept.find(KEPT).filter(Sealing.ENGINES::contains).orElse(Sealing.PLACEHOLDER); // all there was at first
        if (!before.equals(engine)) {
            long many = inTheWay(before, engine);
            if (many > 0) {
                throw new StartException(("sealing.engine = %s cannot go on with %s that sealing.engine = %s looks after; set it to %s "
                        + "again%s, or run %s with a home folder of its own").formatted(engine,
                                many == 1 ? "the sector" : "the " + many + " sectors", before, before, remedy(before, engine), engine));
            }
        }
        kept.put(KEPT, engine);
    }

    /** Sectors that are lost with this change. Those of the placeholder are never proven again, so only unfinished ones are. */
    private long inTheWay(String before, String engine) {
        boolean areProvenKept = before.equals(Sealing.PLACEHOLDER) && engine.equals(Sealing.JAVA);
        return sectors.count().entrySet().stream()
                .filter(state -> state.getKey() != SectorState.UNKNOWN && !(areProvenKept && state.getKey() == SectorState.PROVING))
                .mapToLong(Map.Entry::getValue).sum();
    }

    private static String remedy(String before, String engine) {
        return before.equals(Sealing.PLACEHOLDER) && engine.equals(Sealing.JAVA)
                ? " (with devnet.proofs = placeholder) until ./caravan sectors shows all of them in Proving" : "";
    }
}
