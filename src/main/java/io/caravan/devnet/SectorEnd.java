package io.caravan.devnet;

import io.caravan.model.TokenAmount;

/** The ends of sectors: expiry on time, early termination, faults that last too long, pre-commits never proven. */
final class SectorEnd {

    private static final long FEE_PER_MILLE = 85;

    private final Draft draft;
    private final Rules rules;
    private final long epoch;
    private final Journal journal;
    private final Ledger ledger;

    SectorEnd(Draft draft, Rules rules, long epoch, Journal journal) {
        this.draft = draft;
        this.rules = rules;
        this.epoch = epoch;
        this.journal = journal;
        this.ledger = new Ledger(draft);
    }

    /** Ends a sector before its time: its deals are slashed, 8.5 % of its pledge burn. */
    void terminate(SectorKey key) {
        ProvenSector sector = draft.require(Tables.SECTORS, key);
        remove(key, sector);
        ledger.burn(key.miner(), sector.pledge().timesRatio(FEE_PER_MILLE, 1000));
        journal.emit(Event.of(key.miner(), "sector-terminated").with("sector", out -> out.uint(key.number())).build());
        new DealSettlement(draft, epoch, journal).terminate(key);
    }

    /** The sector's last epoch has come. Its deals have ended; they stay until somebody settles them. */
    void expire(SectorKey key) {
        draft.find(Tables.SECTORS, key).filter(sector -> sector.expiration() <= epoch)
                .ifPresent(sector -> remove(key, sector));
    }

    /** A pre-commit that can no longer be proven loses its deposit. */
    void cleanUp(SectorKey key) {
        draft.find(Tables.PRE_COMMITS, key).ifPresent(preCommit -> {
            draft.remove(Tables.PRE_COMMITS, key);
            draft.put(Tables.MINERS, key.miner(), draft.require(Tables.MINERS, key.miner())
                    .plus(TokenAmount.ZERO.minus(preCommit.deposit()), TokenAmount.ZERO));
            ledger.burn(key.miner(), preCommit.deposit());
        });
    }

    /** Declares a sector faulty: no power until it recovers, and its end when it does not. */
    void fault(SectorKey key) {
        draft.find(Tables.SECTORS, key).filter(sector -> !sector.isFaulty()).ifPresent(sector -> {
            draft.put(Tables.SECTORS, key, sector.withFaultySince(epoch));
            draft.find(Tables.DUTIES, key).ifPresent(duty -> draft.put(Tables.DUTIES, key, duty.recovering(false)));
            draft.totals(totals -> totals.plusPower(-SealProofs.sectorSize(sector.sealProof())));
            draft.put(Tables.CRON, new CronKey(epoch + rules.faultMaxAge(), CronKey.FAULT, key.miner(), key.number()),
                    epoch);
        });
    }

    void recover(SectorKey key) {
        draft.find(Tables.SECTORS, key).filter(ProvenSector::isFaulty).ifPresent(sector -> {
            draft.put(Tables.SECTORS, key, sector.withFaultySince(-1));
            draft.totals(totals -> totals.plusPower(SealProofs.sectorSize(sector.sealProof())));
        });
    }

    /** Ends a sector that has been faulty without a break since the fault this entry is about. */
    void endIfStillFaulty(SectorKey key) {
        draft.find(Tables.SECTORS, key)
                .filter(sector -> sector.isFaulty() && sector.faultySince() <= epoch - rules.faultMaxAge())
                .ifPresent(sector -> terminate(key));
    }

    private void remove(SectorKey key, ProvenSector sector) {
        draft.remove(Tables.SECTORS, key);
        if (draft.state().table(Tables.DUTIES).contains(key)) {
            draft.remove(Tables.DUTIES, key);
        }
        draft.remove(Tables.CRON, new CronKey(sector.expiration(), CronKey.SECTOR, key.miner(), key.number()));
        draft.put(Tables.MINERS, key.miner(), draft.require(Tables.MINERS, key.miner())
                .plus(TokenAmount.ZERO, TokenAmount.ZERO.minus(sector.pledge())));
        if (!sector.isFaulty()) {
            draft.totals(totals -> totals.plusPower(-SealProofs.sectorSize(sector.sealProof())));
        }
    }
}
