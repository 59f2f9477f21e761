package io.caravan.devnet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which sector of one miner has to be proven in which deadline and partition, and what a missed deadline does. */
final class SectorDuties {

    private static final Logger LOG = LoggerFactory.getLogger(SectorDuties.class);

    /** A sector with what is known of it. */
    record Entry(SectorKey key, ProvenSector sector, SectorDuty duty) {

        /** Whether a proof of its partition has to hold it. */
        boolean isDue() {
            return !sector.isFaulty() || duty.isRecovering();
        }
    }

    private final Draft draft;
    private final Rules rules;
    private final long miner;

    SectorDuties(Draft draft, Rules rules, long miner) {
        this.draft = draft;
        this.rules = rules;
        this.miner = miner;
    }

    /** The miner's sectors that have to be proven, by number. */
    List<Entry> list(Predicate<SectorDuty> filter) {
        List<Entry> found = new ArrayList<>();
        draft.state().table(Tables.DUTIES).walkFrom(new SectorKey(miner, 0), (key, duty) -> {
            boolean isOurs = key.miner() == miner;
            if (isOurs && filter.test(duty)) {
                found.add(new Entry(key, draft.require(Tables.SECTORS, key), duty));
            }
            return isOurs;
        });
        return found;
    }

    /**
     * Gives a sector just proven its deadline: one whose last partition has room, else the emptiest, else the soonest;
     * not the open one nor the next, whose partitions are fixed.
     */
    void assign(SectorKey key, long epoch) {
        ProvingRules proving = rules.proving();
        if (!proving.isEnforced()) {
            return;
        }
        int[] sectors = new int[proving.deadlines()];
        list(duty -> duty.deadline() < sectors.length).forEach(entry -> sectors[(int) entry.duty().deadline()]++);
        long now = proving.at(epoch).index();
        List<Integer> open = new ArrayList<>();
        for (int ahead = 2; ahead < sectors.length; ahead++) {
            open.add((int) ((now + ahead) % sectors.length));
        }
        int chosen = open.stream().min(Comparator
                .<Integer>comparingInt(index -> sectors[index] % proving.partitionSectors() == 0 ? 1 : 0)
                .thenComparingInt(index -> sectors[index])).orElseThrow();
        draft.put(Tables.DUTIES, key, SectorDuty.of(chosen, partition(chosen)));
        schedule(proving.next(chosen, epoch));
    }

    /** The first partition of the deadline with room: a sector that ended left a place. */
    private long partition(int deadline) {
        List<Entry> there = list(duty -> duty.deadline() == deadline);
        long partition = 0;
        while (true) {
            long here = partition;
            if (there.stream().filter(entry -> entry.duty().partition() == here).count() < rules.proving().partitionSectors()) {
                return partition;
            }
            partition++;
        }
    }

    private void schedule(ProvingRules.Deadline deadline) {
        draft.put(Tables.CRON, new CronKey(deadline.last(), CronKey.DEADLINE, miner, deadline.index()), deadline.last());
    }

    /**
     * A deadline's last epoch is over: what was not proven is faulty, what promised to recover and did not stays so. A
     * deadline that ends in an epoch without a block is not held against anybody: a chain that jumps takes no messages.
     */
    void close(long index, long epoch, boolean hasBlock, SectorEnd end) {
        List<Entry> entries = list(duty -> duty.deadline() == index);
        ProvingRules.Deadline deadline = rules.proving().at(epoch);
        if (entries.isEmpty() || !rules.proving().isEnforced()) {
            return;
        }
        for (Entry entry : entries) {
            if (hasBlock && entry.duty().proven() != deadline.open() && entry.isDue()) {
                draft.put(Tables.DUTIES, entry.key(), entry.duty().recovering(false));
                LOG.info("sector {} of f0{} was not proven in deadline {} (epochs {} to {})", entry.key().number(), miner,
                        index, deadline.open(), deadline.last());
                end.fault(entry.key());
            }
        }
        schedule(rules.proving().next(index, epoch + 1));
    }
}
