package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.chain.Methods;
import io.caravan.chain.OnChainSector;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.chain.PreCommittedSector;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorActivationManifest;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.Sector.Sent;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.TokenAmount;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fifth step: the proof, and the message that brings it on chain and makes the deals active. */
public final class CommitPhase2 {

    private static final Logger LOG = LoggerFactory.getLogger(CommitPhase2.class);
    private static final String STEP = "prove-commit";

    private final SealingTools tools;
    private final SectorMessages messages;
    private final Setbacks setbacks;
    private final SeedCheck seeds;

    public CommitPhase2(SealingTools tools) {
        this.tools = tools;
        this.messages = new SectorMessages(tools);
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
            return flaw.isPresent() ? disproved(sector, "the proof does not hold: " + flaw.get())
                    : tools.sectors().advance(sector.withProof(proof).withStage(SectorStage.SUBMITTING), SectorEvent.COMMIT_2_DONE);
        } catch (RedoException e) {
            return setbacks.redo(sector, e);
        }
    }

    /** Another proof, a few times; then another replica. */
    private Sector disproved(Sector sector, String reason) {
        if (setbacks.isTooOften(sector, SectorEvent.COMMIT_2_FAILED)) {
            return setbacks.redo(sector, RedoException.ofFiles(reason));
        }
        return tools.sectors().advanceBecause(sector.withProof(null).withStage(SectorStage.COMPUTING).withMessage(reason),
                reason, SectorEvent.COMMIT_2_FAILED);
    }

    private Sector submit(Sector sector) {
        Optional<OnChainSector> proven = tools.chain().sector(sector.miner(), sector.number());
        if (proven.isPresent()) {
            return landed(sector, sector.prove(), proven.get());
        }
        boolean isSigned = messages.signed(sector, STEP).isPresent();
        if (!isSigned && !seeds.isCurrent(sector)) {
            messages.callOff(sector, STEP);
            return seeds.goBack(sector);
        }
        Epoch head = tools.chain().head().epoch();
        List<SectorPiece> pieces = tools.sectors().piecesOf(sector.number());
        Set<Cid> takeable = isSigned ? Set.of() : takeable(sector, pieces, head);
        if (!isSigned && pieces.stream().noneMatch(piece -> head.isBefore(piece.startEpoch()))) {
            messages.callOff(sector, STEP);
            String reason = "every deal's start epoch has passed (epoch " + head + ")";
            return tools.sectors().advance(sector.withMessage(reason), SectorEvent.DEALS_EXPIRED);
        }
        List<PieceActivationManifest> manifests = pieces.stream().map(piece -> manifest(sector, piece, head, takeable)).toList();
        TokenAmount value = pledge(sector, head, claimed(manifests));
        boolean isRequired = isFirst(sector);
        try {
            String key = messages.key(sector, STEP);
            Cid cid = messages.send(order(sector, manifests, value, isRequired));
            return tools.sectors().advance(sector.withProve(new Sent(key, cid, null)).withStage(SectorStage.LANDING)
                    .withMessage(null),
                    SectorEvent.PROVE_SENT);
        } catch (StaleMessageException e) {
            return again(sector, String.valueOf(e.getMessage()));
        } catch (RetryableException e) {
            return refused(sector, e, isRequired ? order(sector, manifests, value, false) : null);
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
        return flaw.map(what -> disproved(sector, "the proof does not hold: " + what + "; " + why.getMessage()))
                .orElseGet(() -> again(sector, String.valueOf(why.getMessage())));
    }

    private static SectorMessages.Order order(Sector sector, List<PieceActivationManifest> manifests, TokenAmount value,
            boolean isNotificationRequired) {
        return new SectorMessages.Order(sector, STEP, Methods.MINER_PROVE_COMMIT_SECTORS3, value,
                Bytes.wrap(params(sector, manifests).withNotificationRequired(isNotificationRequired).toCbor()));
    }

    private static ProveCommitSectors3Params params(Sector sector, List<PieceActivationManifest> manifests) {
        return ProveCommitSectors3Params.of(List.of(new SectorActivationManifest(sector.number(), manifests)),
                List.of(Known.of(sector.proof(), sector, "a proof")));
    }

    /** Whether no message of this sector failed before. */
    private boolean isFirst(Sector sector) {
        return tools.sectors().events(sector.number()).stream().noneMatch(move -> move.event() == SectorEvent.PROVE_FAILED);
    }

    /**
     * The market is told of the deals that it can take; one that it does not take fails the whole message, on chain
     * or when its gas is estimated, unless that happened before: then the sector goes without it. A verified deal's datacap is claimed with it, if the sector's
     * life allows that.
     */
    private PieceActivationManifest manifest(Sector sector, SectorPiece piece, Epoch head, Set<Cid> takeable) {
        if (!takeable.contains(piece.proposalCid())) {
            return new PieceActivationManifest(piece.pieceCid(), piece.size(), null, List.of());
        }
        PieceActivationManifest plain = PieceActivationManifest.ofDeal(piece.pieceCid(), piece.size(), piece.dealId());
        Epoch end = Known.of(sector.expiration(), sector, "an expiration");
        return tools.chain().pendingAllocation(piece.dealId()).filter(one -> one.fits(head, end))
                .map(one -> new PieceActivationManifest(plain.piece(), plain.size(), one.key(), plain.notifications()))
                .orElse(plain);
    }

    /** Padded bytes of verified deals. */
    private static long claimed(List<PieceActivationManifest> manifests) {
        return manifests.stream().filter(piece -> piece.allocation() != null).mapToLong(piece -> piece.size().bytes()).sum();
    }

    /** The pieces whose deals can become active here: in time, pending, and not longer than the sector is promised. */
    private Set<Cid> takeable(Sector sector, List<SectorPiece> pieces, Epoch head) {
        return pieces.stream().filter(piece -> {
            String reason = !head.isBefore(piece.startEpoch()) ? "should have started in epoch " + piece.startEpoch()
                    : sector.expiration() != null && piece.endEpoch().isAfter(sector.expiration())
                    ? "ends in epoch " + piece.endEpoch() + ", its sector in epoch " + sector.expiration()
                    : tools.chain().storageDeal(piece.dealId()).map(deal -> deal.isActive()
                    ? "is active in sector " + deal.sector() : null).orElse(null);
            if (reason != null) {
                LOG.warn("sector {} is proven without deal {}: it {}", sector.number(), piece.dealId(), reason);
            }
            return reason == null;
        }).map(SectorPiece::proposalCid).collect(Collectors.toSet());
    }

    /** What the pledge needs on top of the deposit that the pre-commit left with the miner. */
    private TokenAmount pledge(Sector sector, Epoch head, long verifiedBytes) {
        Epoch expiration = Known.of(sector.expiration(), sector, "an expiration");
        TokenAmount pledge = tools.chain().initialPledge(expiration.since(head),
                SealProof.ofNumber(sector.sealProof()).sectorSize().bytes(), verifiedBytes);
        TokenAmount deposit = tools.chain().preCommit(sector.miner(), sector.number()).map(PreCommittedSector::deposit)
                .orElse(TokenAmount.ZERO);
        return deposit.isLessThan(pledge) ? pledge.minus(deposit) : TokenAmount.ZERO;
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
                .orElseGet(() -> sector.waitingFor(WaitsOn.CHAIN, "the sector to show on chain", tools.clock().instant()));
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
