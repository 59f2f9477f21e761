package io.caravan.sealing;

import io.caravan.chain.BatchReturn;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.chain.OnChainSector;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorActivationManifest;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector.Sent;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorStage;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.StoredMessage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fifth step: the proof, and the message that brings it on chain and makes the deals active. */
public final class CommitPhase2 {

    private static final String STEP = CommitShare.STEP;
    private static final String DISPROVED = "the proof does not hold: ";

    private final SealingTools tools;
    private final SectorMessages messages;
    private final CommitShare share;
    private final SectorBatcher<CommitShare.Activation> batcher;
    private final Setbacks setbacks;
    private final SeedCheck seeds;

    public CommitPhase2(SealingTools tools) {
        this.tools = tools;
        this.messages = new SectorMessages(tools);
        this.share = new CommitShare(tools);
        this.batcher = new SectorBatcher<>(tools, messages, share);
        this.setbacks = new Setbacks(tools);
        this.seeds = new SeedCheck(tools);
    }

    /**
     * Goes on as far as it can; calling it again does no harm. The prove message has its epoch once the sector is on
     * chain.
     */
    public Sector run(Sector sector) {
        Sector at = sector;
        if (at.stage() == SectorStage.COMPUTING) {
            at = compute(at);
        }
        if (at.stage() == SectorStage.SUBMITTING) {
            at = submit(at);
        }
        return at.stage() == SectorStage.LANDING ? look(at) : at;
    }

    private Sector compute(Sector sector) {
        try {
            SealInputs inputs = Known.inputs(sector);
            Bytes proof = tools.engine().commit2(inputs);
            Optional<String> flaw = tools.engine().sealFlaw(inputs, proof);
            return flaw.isPresent() ? disproved(sector, DISPROVED + flaw.get())
                    : tools.sectors().advance(sector.withProof(proof).withStage(SectorStage.SUBMITTING), SectorEvent.COMMIT_2_DONE);
        } catch (RedoException e) {
            return setbacks.redo(sector, e);
        } catch (RetryableException e) {
            if (setbacks.isFailed(e)) {
                return failed(sector, String.valueOf(e.getMessage()));
            }
            throw e;
        }
    }

    /** Another proof, once; then another replica. */
    private Sector disproved(Sector sector, String reason) {
        return setbacks.isRepeated(sector, SectorEvent.COMMIT_2_FAILED, DISPROVED)
                ? setbacks.redo(sector, RedoException.ofFiles(reason)) : failed(sector, reason);
    }

    /** Another proof, a few times; then another replica. */
    private Sector failed(Sector sector, String reason) {
        if (setbacks.isTooOften(sector, SectorEvent.COMMIT_2_FAILED)) {
            return setbacks.redo(sector, RedoException.ofFiles(reason));
        }
        return tools.sectors().advanceBecause(sector.withProof(null).withStage(SectorStage.COMPUTING).withMessage(reason),
                reason, SectorEvent.COMMIT_2_FAILED);
    }

    private Sector submit(Sector sector) {
        Optional<OnChainSector> proven = tools.chain().sector(sector.miner(), sector.number());
        if (proven.isPresent()) {
            return landed(sector, messages.known(sector, STEP, sector.prove()), proven.get());
        }
        return batcher.send(sector, this::together, this::alone);
    }

    private Sector together(Sector sector, StoredMessage batch) {
        try {
            return sent(sector, batch.intent().key(), messages.send(batch));
        } catch (StaleMessageException e) {
            return again(sector, String.valueOf(e.getMessage()));
        }
    }

    private Sector sent(Sector sector, String key, Cid cid) {
        return tools.sectors().advance(sector.withProve(new Sent(key, cid, null)).withStage(SectorStage.LANDING)
                .withMessage(null), SectorEvent.PROVE_SENT);
    }

    private Sector alone(Sector sector) {
        boolean isSigned = messages.signed(sector, STEP).isPresent();
        if (!isSigned && !seeds.isCurrent(sector)) {
            messages.callOff(sector, STEP);
            return seeds.goBack(sector);
        }
        Epoch head = tools.chain().head().epoch();
        if (!isSigned && !share.isInTime(sector, head)) {
            messages.callOff(sector, STEP);
            String reason = "every deal's start epoch has passed (epoch " + head + ")";
            return tools.sectors().advance(sector.withMessage(reason), SectorEvent.DEALS_EXPIRED);
        }
        CommitShare.Activation activation = share.activation(sector, head, !isSigned);
        boolean isRequired = isFirst(sector);
        try {
            return sent(sector, messages.key(sector, STEP), messages.send(order(sector, activation, isRequired)));
        } catch (StaleMessageException e) {
            return again(sector, String.valueOf(e.getMessage()));
        } catch (RetryableException e) {
            return refused(sector, e, isRequired ? order(sector, activation, false) : null);
        }
    }

    /**
     * Nothing was sent. What the chain refuses because the proof does not hold is proven anew, what it refuses because of
     * the market goes without the market; else a later try may work.
     *
     * @param withoutMarket what would be sent then; null when that is what was refused
     */
    private Sector refused(Sector sector, RetryableException why, SectorMessages.@Nullable Order withoutMarket) {
        if (!(why.getCause() instanceof ChainRefusedException)) {
            throw why;
        }
        Optional<String> flaw = tools.engine().sealFlaw(Known.inputs(sector), Known.of(sector.proof(), sector, "a proof"));
        if (flaw.isEmpty() && (withoutMarket == null || !messages.isTakeable(withoutMarket))) {
            throw why;
        }
        messages.callOff(sector, STEP);
        return flaw.map(what -> disproved(sector, DISPROVED + what + "; " + why.getMessage()))
                .orElseGet(() -> again(sector, String.valueOf(why.getMessage())));
    }

    private SectorMessages.Order order(Sector sector, CommitShare.Activation activation, boolean isNotificationRequired) {
        return new SectorMessages.Order(sector, STEP, share.method(), activation.pledge(),
                CommitShare.alone(activation, isNotificationRequired), 1);
    }

    /** Whether no message of this sector alone failed before: then one deal that the market does not take may fail it. */
    private boolean isFirst(Sector sector) {
        long failures = tools.sectors().events(sector.number()).stream().filter(move -> move.event() == SectorEvent.PROVE_FAILED).count();
        return failures <= messages.batches(sector, STEP);
    }

    private Sector look(Sector sector) {
        Sent sent = sector.prove();
        Landing landing = tools.watcher().look(Known.of(sent.cid(), sector, "a prove message"),
                tools.config().messageConfidence());
        if (landing instanceof Landing.NotYet notYet) {
            return sector.waitingFor(WaitsOn.CHAIN, notYet.waitingFor(), tools.clock().instant());
        }
        if (landing instanceof Landing.Gone gone) {
            return again(sector, gone.reason());
        }
        Landing.Landed landed = (Landing.Landed) landing;
        if (!landed.isOk()) {
            return again(sector, "the prove-commit failed on chain with exit code " + landed.receipt().exitCode()
                    + messages.words(sector, STEP));
        }
        return tools.chain().sector(sector.miner(), sector.number())
                .map(proven -> landed(sector, new Sent(sent.intent(), landed.message(), null), proven))
                .or(() -> failure(sector, landed).map(reason -> again(sector, reason)))
                .orElseGet(() -> sector.waitingFor(WaitsOn.CHAIN, "the sector to show on chain", tools.clock().instant()));
    }

    /** Why the message brought others on chain and not this one. */
    private Optional<String> failure(Sector sector, Landing.Landed landed) {
        Optional<StoredMessage> batch = messages.batch(sector, STEP);
        if (batch.isEmpty() || landed.receipt().returned().isEmpty()) {
            return Optional.empty();
        }
        List<SectorNumber> members = ProveCommitSectors3Params.ofCbor(batch.get().intent().params().toArray()).sectors().stream()
                .map(SectorActivationManifest::sector).toList();
        return BatchReturn.ofCbor(landed.receipt().returned().toArray()).failures().stream()
                .filter(one -> members.indexOf(sector.number()) == one.index()).findFirst()
                .map(one -> "the prove-commit of " + members.size() + " sectors failed for this one with exit code " + one.exitCode());
    }

    private Sector landed(Sector sector, Sent sent, OnChainSector proven) {
        if (!proven.sealed().equals(sector.commR())) {
            return setbacks.park(sector, "the chain has another replica under its number: " + proven.sealed());
        }
        return sector.withProve(new Sent(sent.intent(), sent.cid(), proven.activation()))
                .withExpiration(proven.expiration())
                .withStage(SectorStage.COMPUTING).withWaiting(Waiting.NOTHING).withMessage(null);
    }

    private Sector again(Sector sector, String reason) {
        Sector next = sector.withProve(Sent.NOT).withStage(SectorStage.SUBMITTING).withMessage(reason);
        if (setbacks.isTooOften(sector, SectorEvent.PROVE_FAILED)) {
            return setbacks.park(next, reason);
        }
        return tools.sectors().advanceBecause(next, reason, SectorEvent.PROVE_FAILED);
    }
}
