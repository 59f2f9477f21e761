package io.caravan.sealing;

import io.caravan.chain.Landing;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.PreCommittedSector;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector.Draw;
import io.caravan.model.Sector.Sent;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorStage;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.StoredMessage;
import java.util.List;
import java.util.Optional;

/** Second step: the replica and its commitment, and both of them promised on chain. */
public final class PreCommitPhase2 {

    private static final String STEP = PreCommitShare.STEP;

    private final SealingTools tools;
    private final SectorMessages messages;
    private final PreCommitShare share;
    private final SectorBatcher<PreCommitShare.Promise> batcher;
    private final Setbacks setbacks;

    public PreCommitPhase2(SealingTools tools) {
        this.tools = tools;
        this.messages = new SectorMessages(tools);
        this.share = new PreCommitShare(tools);
        this.batcher = new SectorBatcher<>(tools, messages, share);
        this.setbacks = new Setbacks(tools);
    }

    /**
     * Goes on as far as it can; calling it again does no harm. The pre-commit has its epoch when it landed deep enough.
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
        SectorRef ref = SectorRef.of(sector);
        Optional<String> shortage = tools.room().disk().shortage(ref, tools.engine().diskBytes(ref.proof()));
        if (shortage.isPresent()) {
            return sector.waitingFor(WaitsOn.NODE, shortage.get(), tools.clock().instant());
        }
        try {
            Cid commR = tools.engine().preCommit2(ref, ticket(sector).value(), commD(sector));
            return tools.sectors().advance(sector.withCommitments(commD(sector), commR)
                    .withStage(SectorStage.SUBMITTING),
                    SectorEvent.PRE_COMMIT_2_DONE);
        } catch (RedoException e) {
            return setbacks.redo(sector, e);
        } catch (RetryableException e) {
            return setbacks.isFailed(e) && setbacks.isTooOften(sector, SectorEvent.PRE_COMMIT_2_FAILED)
                    ? setbacks.redo(sector, RedoException.ofFiles(String.valueOf(e.getMessage())))
                    : setbacks.again(sector, SectorEvent.PRE_COMMIT_2_FAILED, e);
        }
    }

    private Sector submit(Sector sector) {
        Optional<PreCommittedSector> there = tools.chain().preCommit(sector.miner(), sector.number());
        if (there.isPresent()) {
            return landed(sector, messages.known(sector, STEP, sector.preCommit()), there.get());
        }
        return batcher.send(sector, this::together, this::alone);
    }

    /** Nothing is sent for one of them that became too late meanwhile; then all go alone. */
    private Sector together(Sector sector, StoredMessage batch) {
        Optional<String> late = batch.status() == StoredMessage.Status.INTENT ? late(batch) : Optional.empty();
        if (late.isPresent() && messages.callOff(batch, late.get())) {
            return again(sector, late.get());
        }
        try {
            Cid cid = messages.send(batch);
            SectorPreCommitInfo info = PreCommitSectorBatch2Params.ofCbor(batch.intent().params().toArray()).sectors().stream()
                    .filter(one -> one.sector().equals(sector.number())).findFirst().orElseThrow();
            return sent(sector, info, batch.intent().key(), cid);
        } catch (StaleMessageException e) {
            return again(sector, String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> late(StoredMessage batch) {
        Epoch head = tools.chain().head().epoch();
        for (SectorPreCommitInfo one : PreCommitSectorBatch2Params.ofCbor(batch.intent().params().toArray()).sectors()) {
            if (!share.isInTime(one.sector(), head)) {
                return Optional.of("no deal of sector " + one.sector() + " can start any more");
            }
            if (SealEpochs.isOld(one.sealRandEpoch(), head)) {
                return Optional.of("the ticket of sector " + one.sector() + " is too old");
            }
        }
        return Optional.empty();
    }

    private Sector sent(Sector sector, SectorPreCommitInfo info, String key, Cid cid) {
        return tools.sectors().advance(sector.withExpiration(Epoch.of(info.expiration()))
                .withPreCommit(new Sent(key, cid, null)).withStage(SectorStage.LANDING).withMessage(null),
                SectorEvent.PRE_COMMIT_SENT);
    }

    private Sector alone(Sector sector) {
        Epoch head = tools.chain().head().epoch();
        Optional<StoredMessage> signed = messages.signed(sector, STEP);
        if (signed.isEmpty() && !share.isInTime(sector.number(), head)) {
            messages.callOff(sector, STEP);
            return tools.sectors().advance(sector.withMessage("every deal's start epoch has passed (epoch " + head + ")"),
                    SectorEvent.DEALS_EXPIRED);
        }
        if (signed.isEmpty() && SealEpochs.isOld(ticket(sector), head)) {
            messages.callOff(sector, STEP);
            return tools.sectors().advance(sector.withTicket(null).withCommitments(null, null)
                    .withStage(SectorStage.COMPUTING)
                    .withMessage("the ticket of epoch " + ticket(sector).epoch() + " is too old"),
                    SectorEvent.TICKET_EXPIRED);
        }
        if (signed.isEmpty()) {
            try {
                tools.engine().requireSealed(Known.replica(sector)); // what is promised is there to be proven
            } catch (RedoException e) {
                messages.callOff(sector, STEP);
                return setbacks.redo(sector, e);
            }
        }
        PreCommitShare.Promise promise = signed.map(message -> share.with(sector, sent(message)))
                .orElseGet(() -> share.promise(sector, head));
        try {
            Cid cid = messages.send(new SectorMessages.Order(sector, STEP, share.method(), promise.deposit(),
                    share.params(List.of(promise)), 1));
            return sent(sector, promise.info(), messages.key(sector, STEP), cid);
        } catch (StaleMessageException e) {
            return again(sector, String.valueOf(e.getMessage()));
        }
    }

    private static SectorPreCommitInfo sent(StoredMessage message) {
        return PreCommitSectorBatch2Params.ofCbor(message.intent().params().toArray()).sectors().get(0);
    }

    private Sector look(Sector sector) {
        Sent sent = sector.preCommit();
        if (sent.cid() == null) {
            throw new IllegalStateException("sector " + sector.number() + " waits for a pre-commit that was not sent");
        }
        Landing landing = tools.watcher().look(sent.cid(), tools.config().messageConfidence());
        if (landing instanceof Landing.NotYet notYet) {
            return sector.waitingFor(WaitsOn.CHAIN, notYet.waitingFor(), tools.clock().instant());
        }
        if (landing instanceof Landing.Gone gone) {
            return again(sector, gone.reason());
        }
        Landing.Landed landed = (Landing.Landed) landing;
        if (!landed.isOk()) {
            return again(sector, "the pre-commit failed on chain with exit code " + landed.receipt().exitCode()
                    + messages.words(sector, STEP));
        }
        return tools.chain().preCommit(sector.miner(), sector.number())
                .map(there -> landed(sector, new Sent(sent.intent(), landed.message(), null), there))
                .orElseGet(() -> sector.waitingFor(WaitsOn.CHAIN, "the pre-commit to show on chain", tools.clock().instant()));
    }

    private Sector landed(Sector sector, Sent sent, PreCommittedSector there) {
        if (!there.sealed().equals(sector.commR())) {
            return setbacks.park(sector, "the chain has another replica under its number: " + there.sealed());
        }
        String intent = sent.intent() == null ? messages.sentAs(sector, STEP) : sent.intent();
        return sector.withPreCommit(new Sent(intent, sent.cid(), there.preCommitEpoch()))
                .withExpiration(there.expiration())
                .withStage(SectorStage.COMPUTING).withWaiting(Waiting.NOTHING).withMessage(null);
    }

    /** Another message, a few times; then the chain will not have this sector, and its pieces wait for another one. */
    private Sector again(Sector sector, String reason) {
        Sector next = sector.withPreCommit(Sent.NOT).withStage(SectorStage.SUBMITTING).withMessage(reason);
        if (setbacks.isTooOften(sector, SectorEvent.PRE_COMMIT_FAILED)) {
            return setbacks.giveUp(next, reason);
        }
        return tools.sectors().advanceBecause(next, reason, SectorEvent.PRE_COMMIT_FAILED);
    }

    private static Draw ticket(Sector sector) {
        return Known.of(sector.ticket(), sector, "a ticket");
    }

    private static Cid commD(Sector sector) {
        return Known.of(sector.commD(), sector, "CommD");
    }

    private static Cid commR(Sector sector) {
        return Known.of(sector.commR(), sector, "CommR");
    }
}
