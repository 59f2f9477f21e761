package io.caravan.devnet;

import java.util.ArrayList;
import java.util.List;

/** What happens without a message: everything scheduled up to an epoch, each at its own epoch. */
final class Cron {

    private final Rules rules;

    Cron(Rules rules) {
        this.rules = rules;
    }

    /** Runs what is due up to and including this epoch, in order, the epoch's own block before it. */
    List<Event> run(Draft draft, long epoch) {
        return run(draft, epoch, true);
    }

    /**
     * Runs what is due in epochs that have no block, up to and including this one; a jump costs what is due in it, not its
     * length.
     */
    List<Event> skip(Draft draft, long epoch) {
        return run(draft, epoch, false);
    }

    private List<Event> run(Draft draft, long epoch, boolean hasBlock) {
        Journal journal = new Journal(Long.MAX_VALUE);
        for (CronKey next = due(draft, epoch); next != null; next = due(draft, epoch)) {
            draft.remove(Tables.CRON, next);
            run(draft, next, hasBlock, journal);
        }
        return new ArrayList<>(journal.events());
    }

    private void run(Draft draft, CronKey entry, boolean hasBlock, Journal journal) {
        SectorEnd sectors = new SectorEnd(draft, rules, entry.epoch(), journal);
        SectorKey sector = new SectorKey(entry.owner(), entry.id());
        switch (entry.kind()) {
            case CronKey.DEAL -> new DealSettlement(draft, entry.epoch(), journal).look(entry.id());
            case CronKey.PRE_COMMIT -> sectors.cleanUp(sector);
            case CronKey.SECTOR -> sectors.expire(sector);
            case CronKey.FAULT -> sectors.endIfStillFaulty(sector);
            case CronKey.DEADLINE -> new SectorDuties(draft, rules, entry.owner())
                    .close(entry.id(), entry.epoch(), hasBlock, sectors);
            default -> throw new IllegalStateException("no cron for kind " + entry.kind());
        }
    }

    private static CronKey due(Draft draft, long epoch) {
        CronKey first = draft.state().table(Tables.CRON).firstKey();
        return first == null || first.epoch() > epoch ? null : first;
    }
}
