package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.FeeRules;
import io.caravan.chain.MessageLane;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.model.Deal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.DealStore;
import io.caravan.store.MessageIntent;
import io.caravan.store.PublishQueue;
import io.caravan.store.QueuedDeal;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Closes batches: picks the deals, simulates them, sorts out those that the market would not take, fits the rest under
 * the gas ceiling, and stores them with their message. Nothing is stored, but what is wrong with whom, before the whole
 * message is known to work and to be paid for: an unsigned message binds no deal.
 */
final class PublishBatcher {


    private final Chain chain;
    private final DealStore deals;
    private final PublishQueue queue;
    private final MessageLane lane;
    private final Supplier<PublishConfig> config;
    private final Clock clock;
    private final PublishSimulator simulator;
    private final PublishDiagnosis diagnosis;
    /** Spares the chain the same simulation for each deal of a batch; what is stored is safe without it. */
    private final ReentrantLock closing = new ReentrantLock();

    PublishBatcher(DealPublisher.Tools tools, Supplier<PublishConfig> config, Clock clock) {
        this.chain = tools.chain();
        this.deals = tools.deals();
        this.queue = tools.queue();
        this.lane = tools.lane();
        this.config = config;
        this.clock = clock;
        this.simulator = new PublishSimulator(chain);
        this.diagnosis = new PublishDiagnosis(chain);
    }

    /**
     * Closes the batch of the deal's provider if it is time to. Calling it again does no harm, nor do two at once.
     *
     * @return when the batch closes by its period; null when that is not what the deal waits for
     * @throws RetryableException the chain is away, or our own money or gas ceiling is in the way
     */
    @Nullable Instant close(QueuedDeal own, long head) {
        boolean isAlone = config.get().period().isZero();
        if (!isAlone && !closing.tryLock()) {
            return null; // another deal's phase closes the batch just now
        }
        try {
            return closed(own, head);
        } finally {
            if (!isAlone) {
                closing.unlock();
            }
        }
    }

    private @Nullable Instant closed(QueuedDeal own, long head) {
        PublishConfig now = config.get();
        List<QueuedDeal> waiting = queue.waiting(own.provider(), Epoch.of(head + now.startBuffer()), now.max());
        Map<Cid, SignedProposal> known = new HashMap<>(); // read only once the batch is due: most looks find that it is not
        BatchRule.Batch batch = new BatchRule(now).pick(waiting, own, clock.instant(), place ->
                bytesOf(List.of(known.computeIfAbsent(place.proposalCid(), this::proposal))).size());
        if (batch.deals().isEmpty()) {
            return batch.closes();
        }
        FilAddress worker = chain.accountKey(chain.minerInfo(own.provider()).worker());
        Map<QueuedDeal, SignedProposal> proposals = new LinkedHashMap<>();
        batch.deals().forEach(place ->
                proposals.put(place, known.computeIfAbsent(place.proposalCid(), this::proposal)));
        try {
            store(good(proposals, worker, head), worker, now.maxGas());
        } catch (ChainRefusedException e) {
            throw new RetryableException(WaitsOn.CHAIN, "the chain refuses the publish message: " + e.getMessage(), e);
        }
        return null;
    }

    /** The deals that the market would take together, in their order; what is wrong with others is noted. */
    private Map<QueuedDeal, SignedProposal> good(Map<QueuedDeal, SignedProposal> batch, FilAddress worker, long head) {
        PublishSimulator.Outcome outcome = simulator.judge(List.copyOf(batch.values()), worker);
        Map<QueuedDeal, SignedProposal> good = new LinkedHashMap<>();
        batch.forEach((place, signed) -> {
            String said = outcome.bad().get(signed);
            if (said != null) {
                note(place, diagnosis.of(signed.proposal(), said, head));
            } else if (outcome.good().contains(signed)) {
                good.put(place, signed);
            }
        });
        return good;
    }

    private void note(QueuedDeal place, PublishDiagnosis.Problem problem) {
        PublishConfig now = config.get();
        int tries = place.tries() + 1;
        if (problem.isFinal() || tries >= now.tries()) {
            queue.refuse(place, problem.sentence());
        } else {
            queue.defer(place, problem.sentence(), tries,
                    clock.instant().plus(now.tryWait().multipliedBy(1L << Math.min(tries - 1, 20))));
        }
    }

    private void store(Map<QueuedDeal, SignedProposal> good, FilAddress worker, long maxGas) {
        List<QueuedDeal> batch = new ArrayList<>(good.keySet());
        while (!batch.isEmpty()) {
            MessageIntent intent = intent(batch, batch.stream().map(good::get).toList(), worker);
            long gas = lane.priced(intent).gasLimit();
            if (gas <= maxGas) {
                queue.close(batch, intent);
                return;
            }
            if (batch.size() == 1) {
                throw new RetryableException(WaitsOn.OPERATOR, "publishing one deal asks for " + gas
                        + " gas, miner.publish.max-gas is " + maxGas, null);
            }
            batch = batch.subList(0, (int) Math.max(1, batch.size() * maxGas / gas));
        }
    }

    /** Named by what it holds, and how often each deal came back, so that no two messages publish the same batch. */
    private static MessageIntent intent(List<QueuedDeal> batch, List<SignedProposal> proposals, FilAddress worker) {
        String names = batch.stream().map(place -> place.proposalCid() + ":" + place.round())
                .collect(Collectors.joining(" "));
        String digest = Bytes.wrap(Hashes.sha256(names.getBytes(StandardCharsets.US_ASCII))).hex();
        return new MessageIntent(FeeRules.PUBLISH + digest, worker, Methods.MARKET, Methods.MARKET_PUBLISH_STORAGE_DEALS,
                TokenAmount.ZERO, bytesOf(proposals), "publish " + batch.size() + " deals");
    }

    private static Bytes bytesOf(List<SignedProposal> proposals) {
        return Bytes.wrap(new PublishStorageDealsParams(proposals).toCbor());
    }

    private SignedProposal proposal(Cid proposalCid) {
        return deals.find(proposalCid, Role.PROVIDER).map(Deal::proposal)
                .orElseThrow(() -> new IllegalStateException("the publish queue names deal " + proposalCid
                + ", which is not there"));
    }
}
