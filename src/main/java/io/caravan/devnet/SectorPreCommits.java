package io.caravan.devnet;

import io.caravan.chain.BitField;
import io.caravan.chain.ExitCode;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.codec.Bytes;
import io.caravan.model.TokenAmount;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** PreCommitSectorBatch2 (chain-and-rpc §4.3): all sectors of the batch or none. */
final class SectorPreCommits {

    private static final int MAX_BATCH = 256;

    private final Call call;
    private final MinerRecord miner;

    private SectorPreCommits(Call call) {
        this.call = call;
        this.miner = MinerActor.authorised(call);
    }

    static Bytes preCommit(Call call) {
        List<SectorPreCommitInfo> sectors = call.params(PreCommitSectorBatch2Params::ofCbor).sectors();
        call.journal().charge(Gas.PRE_COMMIT_SECTOR * Math.max(1, sectors.size()));
        Call.require(!sectors.isEmpty(), ExitCode.ILLEGAL_ARGUMENT, "batch empty");
        Call.require(sectors.size() <= MAX_BATCH, ExitCode.ILLEGAL_ARGUMENT, "more than " + MAX_BATCH
                + " sectors in a batch");
        new SectorPreCommits(call).run(sectors);
        return Bytes.EMPTY;
    }

    private void run(List<SectorPreCommitInfo> sectors) {
        Set<Long> numbers = new HashSet<>();
        for (SectorPreCommitInfo sector : sectors) {
            long number = sector.sector().value();
            illegalIf(!numbers.add(number), "duplicate sector number " + number);
            check(sector);
        }
        TokenAmount deposit = call.rules().preCommitDeposit();
        TokenAmount needed = deposit.times(sectors.size());
        TokenAmount available = MinerActor.available(call.draft(), call.receiver());
        Call.require(!available.isLessThan(needed), ExitCode.INSUFFICIENT_FUNDS,
                "insufficient funds " + available + " for pre-commit deposit " + needed);
        BitField allocated = miner.allocated();
        for (SectorPreCommitInfo sector : sectors) {
            long number = sector.sector().value();
            illegalIf(allocated.contains(number), "sector number " + number + " has been used already");
            allocated = allocated.with(number);
            store(sector, deposit);
        }
        call.draft().put(Tables.MINERS, call.receiver(), miner.withAllocated(allocated).plus(needed, TokenAmount.ZERO));
    }

    private void check(SectorPreCommitInfo sector) {
        Rules rules = call.rules();
        long now = call.epoch();
        illegalIf(!SealProofs.isAllowed(sector.sealProof()), "unsupported seal proof type " + sector.sealProof());
        illegalIf(SealProofs.windowPost(sector.sealProof()) != miner.windowPostProof(),
                "seal proof type " + sector.sealProof() + " is not that of this miner's sectors");
        illegalIf(!sector.sealed().isCommR(), "sealed CID had wrong prefix");
        illegalIf(sector.unsealed() != null && !sector.unsealed().isCommP(), "unsealed CID had wrong prefix");
        illegalIf(sector.sealRandEpoch() >= now,
                "seal challenge epoch " + sector.sealRandEpoch() + " must be before now " + now);
        illegalIf(sector.sealRandEpoch() < now - rules.maxRandomnessLookback(), "seal challenge epoch "
                + sector.sealRandEpoch() + " too old, must be after " + (now - rules.maxRandomnessLookback()));
        long latestActivation = now + rules.maxProveCommitDuration();
        illegalIf(sector.expiration() < latestActivation + rules.minSectorExpiration(), "invalid expiration "
                + sector.expiration() + ", must be at least " + rules.minSectorExpiration() + " epochs after "
                + latestActivation);
        illegalIf(sector.expiration() > now + rules.maxSectorExpiration(),
                "invalid expiration " + sector.expiration() + ", cannot be more than " + rules.maxSectorExpiration()
                + " past now");
        illegalIf(!sector.dealIds().isEmpty(), "deals are named when a sector is proven, not in its pre-commit");
    }

    private void store(SectorPreCommitInfo sector, TokenAmount deposit) {
        long number = sector.sector().value();
        SectorKey key = new SectorKey(call.receiver(), number);
        call.draft().put(Tables.PRE_COMMITS, key, new PreCommit(sector, deposit, call.epoch()));
        long cleanUp = call.epoch() + call.rules().maxProveCommitDuration() + call.rules().cleanUpDelay();
        call.draft().put(Tables.CRON, new CronKey(cleanUp, CronKey.PRE_COMMIT, call.receiver(), number), cleanUp);
        call.journal().emit(Event.of(call.receiver(), "sector-precommitted").with("sector", out -> out.uint(number))
                .build());
    }

    private static void illegalIf(boolean isIllegal, String reason) {
        Call.require(!isIllegal, ExitCode.ILLEGAL_ARGUMENT, reason);
    }
}
