package io.caravan.devnet;

import io.caravan.chain.BitField;
import io.caravan.chain.DeclareFaultsParams;
import io.caravan.chain.ExitCode;
import io.caravan.chain.SubmitWindowedPoStParams;
import io.caravan.codec.Bytes;
import io.caravan.devnet.SectorDuties.Entry;
import io.caravan.model.FilAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a miner says of its sectors after they are proven (sealing §3.5): window proofs, each looked at at once, and
 * declarations of faults and recoveries.
 */
final class WindowPosts {

    private static final int MAX_PARTITIONS = 3;
    private static final int MAX_SECTORS = 3000;

    private final Call call;
    private final MinerRecord miner;
    private final SectorDuties duties;
    private final SectorEnd sectors;
    private final ProvingRules.Deadline now;

    private WindowPosts(Call call) {
        call.requireNoValue();
        this.call = call;
        this.miner = MinerActor.authorised(call);
        this.duties = new SectorDuties(call.draft(), call.rules(), call.receiver());
        this.sectors = new SectorEnd(call.draft(), call.rules(), call.epoch(), call.journal());
        this.now = call.rules().proving().at(call.epoch());
    }

    static Bytes submit(Call call) {
        SubmitWindowedPoStParams params = call.params(SubmitWindowedPoStParams::ofCbor);
        call.journal().charge(Gas.SUBMIT_POST);
        new WindowPosts(call).submit(params);
        return Bytes.EMPTY;
    }

    static Bytes declareFaults(Call call) {
        return declare(call, false);
    }

    static Bytes declareRecovered(Call call) {
        return declare(call, true);
    }

    private static Bytes declare(Call call, boolean isRecovery) {
        DeclareFaultsParams params = call.params(DeclareFaultsParams::ofCbor);
        WindowPosts posts = new WindowPosts(call);
        illegalIf(params.declarations().isEmpty(), "nothing is declared");
        for (DeclareFaultsParams.Declaration one : params.declarations()) {
            posts.declare(one, isRecovery);
        }
        return Bytes.EMPTY;
    }

    private void submit(SubmitWindowedPoStParams params) {
        illegalIf(params.deadline() != now.index(), "invalid deadline " + params.deadline() + " at epoch " + call.epoch()
                + ", expected " + now.index());
        illegalIf(params.partitions().isEmpty() || params.partitions().size() > MAX_PARTITIONS,
                "1 to " + MAX_PARTITIONS + " partitions are proven together, not " + params.partitions().size());
        illegalIf(params.proofs().size() != 1, "expected exactly one proof, got " + params.proofs().size());
        SubmitWindowedPoStParams.Proof proof = params.proofs().get(0);
        illegalIf(proof.type() != miner.windowPostProof(), "expected proof of type " + miner.windowPostProof() + ", got "
                + proof.type());
        requireCommitment(params);
        List<Entry> proven = new ArrayList<>();
        List<Entry> skipped = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        for (SubmitWindowedPoStParams.Partition partition : params.partitions()) {
            illegalIf(!seen.add(partition.index()), "partition " + partition.index() + " is named twice");
            sort(partition, proven, skipped);
        }
        illegalIf(proven.isEmpty(), "cannot prove partitions with no active sectors");
        FilAddress address = FilAddress.ofId(call.receiver());
        Bytes randomness = call.world().randomness().fromBeacon(Randomness.WINDOW_POST, now.challenge(),
                Bytes.wrap(address.toCbor()));
        Optional<String> flaw = call.world().checks().posts().flaw(proof.bytes(), new PostCheck.Inputs(proof.type(), randomness,
                proven.stream().map(one -> new PostCheck.Sector(one.key().number(), one.sector().sealed())).toList()));
        illegalIf(flaw.isPresent(), "invalid window post: " + flaw.orElse(""));
        for (Entry entry : skipped) {
            put(entry, entry.duty().provenAt(now.open()));
            sectors.fault(entry.key());
        }
        for (Entry entry : proven) {
            put(entry, entry.duty().provenAt(now.open()));
            sectors.recover(entry.key());
        }
    }

    private void requireCommitment(SubmitWindowedPoStParams params) {
        long at = params.chainCommitEpoch();
        illegalIf(at < now.challenge(), "expected chain commit epoch " + at + " to be after " + now.challenge());
        illegalIf(at >= call.epoch(), "chain commit epoch " + at + " must be less than the current epoch " + call.epoch());
        illegalIf(!call.world().randomness().fromTickets(Randomness.CHAIN_COMMIT, at, Bytes.EMPTY)
                .equals(params.chainCommitRandomness()), "post commit randomness mismatched");
    }

    /** What of one partition the proof has to hold, and what the miner leaves out of it. */
    private void sort(SubmitWindowedPoStParams.Partition partition, List<Entry> proven, List<Entry> skipped) {
        List<Entry> there = duties.list(duty -> duty.deadline() == now.index() && duty.partition() == partition.index());
        Call.require(!there.isEmpty(), ExitCode.NOT_FOUND, "no such partition " + partition.index());
        illegalIf(there.stream().anyMatch(entry -> entry.duty().proven() == now.open()),
                "partition already proven: " + partition.index());
        requireThere(partition.skipped(), there);
        for (Entry entry : there) {
            boolean isSkipped = partition.skipped().contains(entry.key().number());
            if (isSkipped) {
                skipped.add(entry);
            } else if (entry.isDue()) {
                proven.add(entry);
            }
        }
    }

    private void declare(DeclareFaultsParams.Declaration declared, boolean isRecovery) {
        ProvingRules rules = call.rules().proving();
        illegalIf(declared.deadline() >= rules.deadlines(), "invalid deadline " + declared.deadline());
        call.journal().charge(Gas.DECLARE_FAULT * Math.max(1, Math.min(declared.sectors().count(), MAX_SECTORS)));
        ProvingRules.Deadline due = rules.next(declared.deadline(), call.epoch());
        illegalIf(call.epoch() >= due.cutoff(), "late fault or recovery declaration at " + call.epoch() + " for deadline "
                + due.index() + ", whose cut-off was epoch " + due.cutoff());
        List<Entry> there = duties.list(duty -> duty.deadline() == declared.deadline()
                && duty.partition() == declared.partition());
        Call.require(!there.isEmpty(), ExitCode.NOT_FOUND, "no such partition " + declared.partition());
        requireThere(declared.sectors(), there);
        for (Entry entry : there) {
            if (!declared.sectors().contains(entry.key().number())) {
                continue;
            }
            if (isRecovery) {
                illegalIf(!entry.sector().isFaulty(), "sector " + entry.key().number() + " is not faulty");
                put(entry, entry.duty().recovering(true));
            } else {
                put(entry, entry.duty().recovering(false));
                sectors.fault(entry.key());
            }
        }
    }

    private static void requireThere(BitField numbers, List<Entry> there) {
        long known = there.stream().filter(entry -> numbers.contains(entry.key().number())).count();
        illegalIf(known != numbers.count(), "not all of these sectors are in the partition");
    }

    private void put(Entry entry, SectorDuty duty) {
        call.draft().put(Tables.DUTIES, entry.key(), duty);
    }

    private static void illegalIf(boolean isIllegal, String reason) {
        Call.require(!isIllegal, ExitCode.ILLEGAL_ARGUMENT, reason);
    }
}
