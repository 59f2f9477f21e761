package io.caravan.sealing;

import io.caravan.chain.BitField;
import io.caravan.chain.DeclareFaultsParams;
import io.caravan.chain.Methods;
import io.caravan.chain.ProvingDeadline;
import io.caravan.chain.ProvingPartition;
import io.caravan.chain.SubmitWindowedPoStParams;
import io.caravan.codec.Bytes;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import io.caravan.store.SectorStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps proven sectors proven (sealing §3.5): while a deadline is open, sends a proof of its sectors; before the next but
 * one opens, looks at its sectors' files and declares what is damaged, and what is whole again. A sector whose files cannot
 * prove it keeps the reason as its message.
 */
public final class WindowPost {

    private static final Logger LOG = LoggerFactory.getLogger(WindowPost.class);
    private static final long CHALLENGE_TAG = 4;
    private static final long COMMIT_TAG = 9;
    private static final int AHEAD = 2;
    private static final int MOST_SECTORS = 3000;

    private final FilAddress miner;
    private final SealingTools tools;
    private final SectorStore sectors;
    private final WindowProver prover;
    private final PostMessages messages;

    /** @param miner the ID address of the miner whose sectors these are */
    public WindowPost(FilAddress miner, SealingTools tools, WindowProver prover) {
        this.miner = miner;
        this.tools = tools;
        this.sectors = tools.sectors();
        this.prover = prover;
        this.messages = new PostMessages(miner, tools);
    }

    /** One look; calling it again does no harm. With an engine whose sectors are proven elsewhere, or never, it does nothing. */
    public void look() {
        if (tools.engine().capabilities().proofKind() != SealingEngine.ProofKind.VANILLA_DEVNET || !isAnyOnChain()) {
            return;
        }
        ProvingDeadline now = tools.chain().provingDeadline(miner);
        messages.callOffBefore(now.open().value());
        if (now.current().value() + 1 < now.close().value()) {
            tools.chain().provingPartitions(miner, now.index()).stream().filter(one -> !one.isProven())
                    .forEach(partition -> prove(now, partition));
        }
        long open = now.open().value() + AHEAD * now.window();
        if (now.current().value() + 1 < open - now.declarationCutoff()) {
            long ahead = (now.index() + AHEAD) % now.deadlines();
            tools.chain().provingPartitions(miner, ahead).forEach(partition -> declare(now, open, ahead, partition));
        }
    }

    /** A sector that is still being finalized is on chain already, and owes its proofs. */
    private boolean isAnyOnChain() {
        Map<SectorState, Long> many = sectors.count();
        return many.getOrDefault(SectorState.PROVING, 0L) + many.getOrDefault(SectorState.FINALIZE, 0L) > 0;
    }

    private void prove(ProvingDeadline now, ProvingPartition partition) {
        List<Sector> due = sectors(partition, partition::isDue);
        if (due.isEmpty()) {
            return;
        }
        String note = "window proof of deadline " + now.index() + ", partition " + partition.index();
        messages.send(new PostMessages.Need(now.open().value(), "proof/" + now.index() + "/" + partition.index(),
                Methods.MINER_SUBMIT_WINDOWED_POST, note), () -> {
                    WindowProver.Result made = prover.prove(due, randomness(now.challenge()));
                    remember(made.damaged());
                    if (made.proof().isEmpty()) {
                        LOG.error("{} cannot be made: {}", note, made.damaged());
                        return Optional.empty();
                    }
                    return Optional.of(params(now, partition, made));
                });
    }

    private Bytes params(ProvingDeadline now, ProvingPartition partition, WindowProver.Result made) {
        Epoch head = tools.chain().head().epoch();
        List<Long> skipped = made.damaged().keySet().stream().map(SectorNumber::value).toList();
        long type = tools.chain().minerInfo(miner).windowPostProofType();
        return Bytes.wrap(new SubmitWindowedPoStParams(now.index(),
                List.of(new SubmitWindowedPoStParams.Partition(partition.index(), BitField.of(skipped))),
                List.of(new SubmitWindowedPoStParams.Proof(type, made.proof())), head.value(),
                tools.chain().ticketRandomness(COMMIT_TAG, head, Bytes.EMPTY)).toCbor());
    }

    /** Faults that are new, and faulty sectors that are whole again, in a deadline that is not open yet. */
    private void declare(ProvingDeadline now, long open, long deadline, ProvingPartition partition) {
        List<Sector> there = sectors(partition, number -> !partition.recovering().contains(number));
        if (there.isEmpty()) {
            return;
        }
        Map<SectorNumber, String> damaged = prover.prove(there, randomness(now.current())).damaged();
        remember(damaged);
        List<Long> faults = new ArrayList<>();
        List<Long> recoveries = new ArrayList<>();
        for (Sector sector : there) {
            boolean isFaulty = partition.faulty().contains(sector.number().value());
            boolean isDamaged = damaged.containsKey(sector.number());
            if (isDamaged && !isFaulty) {
                faults.add(sector.number().value());
            } else if (!isDamaged && isFaulty) {
                recoveries.add(sector.number().value());
            }
        }
        declare(open, deadline, partition, faults, Methods.MINER_DECLARE_FAULTS, "faults");
        declare(open, deadline, partition, recoveries, Methods.MINER_DECLARE_FAULTS_RECOVERED, "recoveries");
    }

    private void declare(long open, long deadline, ProvingPartition partition, List<Long> numbers, long method, String what) {
        if (numbers.isEmpty()) {
            return;
        }
        String note = "declaration of " + what + " of sectors " + numbers;
        messages.send(new PostMessages.Need(open, what + "/" + deadline + "/" + partition.index() + "/" + numbers, method, note),
                () -> Optional.of(Bytes.wrap(new DeclareFaultsParams(List.of(new DeclareFaultsParams.Declaration(deadline,
                        partition.index(), BitField.of(numbers)))).toCbor())));
    }

    /** Our sectors of a partition; one that this node does not know is not its to prove. */
    private List<Sector> sectors(ProvingPartition partition, LongPredicate filter) {
        return partition.live().numbers(MOST_SECTORS).stream().filter(filter::test).map(SectorNumber::of)
                .flatMap(number -> sectors.find(number).stream())
                .filter(sector -> sector.commR() != null && sector.miner().equals(miner)).toList();
    }

    private Bytes randomness(Epoch epoch) {
        return tools.chain().beaconRandomness(CHALLENGE_TAG, epoch, Bytes.wrap(miner.toCbor()));
    }

    private void remember(Map<SectorNumber, String> damaged) {
        damaged.forEach((number, reason) -> sectors.find(number)
                .filter(sector -> sector.state() == SectorState.PROVING && !reason.equals(sector.message()))
                .ifPresent(sector -> {
                    LOG.error("sector {} cannot be proven: {}", number, reason);
                    sectors.signal(number, found -> found.withMessage(reason));
                }));
    }
}
