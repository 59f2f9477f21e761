package io.caravan.devnet;

import io.caravan.chain.BatchReturn;
import io.caravan.chain.DevnetProof;
import io.caravan.chain.ExitCode;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.chain.PieceActivationManifest.AllocationKey;
import io.caravan.chain.PieceActivationManifest.Notification;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorActivationManifest;
import io.caravan.chain.SectorContentChanged;
import io.caravan.chain.SectorContentChanged.PieceChange;
import io.caravan.chain.SectorContentChanged.SectorChanges;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * ProveCommitSectors3 (chain-and-rpc §4.3): checks proofs and CommD, activates the sectors that pass, then tells the
 * market. What fails alone and what fails the message depends on the two flags of the parameters.
 */
final class SectorProofs {

    private final Call call;
    private final ProveCommitSectors3Params params;
    private final FilAddress miner;
    private final List<BatchReturn.Failure> failures = new ArrayList<>();
    private final List<SectorActivationManifest> activated = new ArrayList<>();

    private SectorProofs(Call call) {
        this.call = call;
        this.params = call.params(ProveCommitSectors3Params::ofCbor);
        this.miner = FilAddress.ofId(call.receiver());
    }

    static Bytes prove(Call call) {
        MinerActor.authorised(call);
        SectorProofs proofs = new SectorProofs(call);
        call.journal().charge(Gas.PROVE_SECTOR * Math.max(1, proofs.params.sectors().size()));
        return proofs.run();
    }

    private Bytes run() {
        List<PreCommit> preCommits = preCommits();
        checkShape();
        for (int place = 0; place < preCommits.size(); place++) {
            SectorActivationManifest manifest = params.sectors().get(place);
            State mark = call.draft().state();
            try {
                activate(manifest, preCommits.get(place), params.proofs().get(place));
                activated.add(manifest);
            } catch (ActorException e) {
                call.draft().restore(mark);
                if (params.isActivationRequired()) {
                    throw e;
                }
                failures.add(new BatchReturn.Failure(place, e.exitCode()));
                call.journal().note("sector " + manifest.sector() + " not activated: " + e.getMessage());
            }
        }
        Call.require(!activated.isEmpty(), ExitCode.ILLEGAL_ARGUMENT, "no sector could be activated");
        tellMarket();
        return Bytes.wrap(new BatchReturn(activated.size(), failures).toCbor());
    }

    private List<PreCommit> preCommits() {
        Call.require(!params.sectors().isEmpty(), ExitCode.ILLEGAL_ARGUMENT, "no sectors to prove");
        Set<SectorNumber> seen = new HashSet<>();
        List<PreCommit> preCommits = new ArrayList<>();
        for (SectorActivationManifest manifest : params.sectors()) {
            Call.require(seen.add(manifest.sector()), ExitCode.ILLEGAL_ARGUMENT,
                    "duplicate sector " + manifest.sector());
            PreCommit preCommit = call.draft().find(Tables.PRE_COMMITS, key(manifest.sector())).orElseThrow(
                    () -> new ActorException(ExitCode.NOT_FOUND, "sector " + manifest.sector()
                    + " is not pre-committed"));
            Call.require(call.epoch() > seedEpoch(preCommit), ExitCode.FORBIDDEN, "too early to prove sector");
            preCommits.add(preCommit);
        }
        return preCommits;
    }

    private void checkShape() {
        Call.require(params.proofs().isEmpty() != params.aggregateProof().isEmpty(), ExitCode.ILLEGAL_ARGUMENT,
                "exactly one of sector proofs or aggregate proof must be non-empty");
        Call.require(params.aggregateProof().isEmpty(), ExitCode.ILLEGAL_ARGUMENT,
                "aggregate proofs are not modelled here");
        Call.require(params.aggregateType() == null, ExitCode.ILLEGAL_ARGUMENT,
                "aggregate proof type must be null with batched proofs");
        Call.require(params.sectors().size() == params.proofs().size(), ExitCode.ILLEGAL_ARGUMENT,
                "mismatched lengths: " + params.sectors().size() + " sector activations, " + params.proofs()
                .size() + " proofs");
    }

    private void activate(SectorActivationManifest manifest, PreCommit preCommit, Bytes proof) {
        SectorPreCommitInfo info = preCommit.info();
        long due = preCommit.epoch() + call.rules().maxProveCommitDuration();
        illegalIf(call.epoch() > due, "too late to prove sector " + info.sector() + ", it was due in epoch " + due);
        long size = SealProofs.sectorSize(info.sealProof());
        Cid declared = info.unsealed() == null ? CommD.zero(size) : info.unsealed();
        call.world().checks().seals().flaw(proof, inputs(preCommit, declared)).ifPresent(flaw -> illegalIf(true,
                "invalid proof for sector " + info.sector() + ": " + flaw));
        illegalIf(!CommD.of(manifest.pieces(), size).equals(declared), "unsealed CID of sector " + info.sector()
                + " is not that of its pieces");
        BigInteger verified = BigInteger.ZERO;
        BigInteger plain = BigInteger.ZERO;
        for (PieceActivationManifest piece : manifest.pieces()) {
            BigInteger weight = BigInteger.valueOf(piece.size().bytes())
                    .multiply(BigInteger.valueOf(info.expiration() - call.epoch()));
            if (piece.allocation() != null) {
                claim(piece, piece.allocation(), info);
                verified = verified.add(weight);
            } else if (!piece.notifications().isEmpty()) {
                plain = plain.add(weight);
            }
        }
        store(preCommit, size, new ProvenSector(info.sealProof(), info.sealed(), call.epoch(), info.expiration(),
                call.rules().initialPledge(), plain, verified, -1));
        call.journal().emit(event(manifest, declared));
    }

    private void store(PreCommit preCommit, long size, ProvenSector sector) {
        Draft draft = call.draft();
        SectorKey key = key(preCommit.info().sector());
        draft.remove(Tables.PRE_COMMITS, key);
        long cleanUp = preCommit.epoch() + call.rules().maxProveCommitDuration() + call.rules().cleanUpDelay();
        draft.remove(Tables.CRON, new CronKey(cleanUp, CronKey.PRE_COMMIT, key.miner(), key.number()));
        draft.put(Tables.SECTORS, key, sector);
        new SectorDuties(draft, call.rules(), key.miner()).assign(key, call.epoch());
        draft.put(Tables.CRON, new CronKey(sector.expiration(), CronKey.SECTOR, key.miner(), key.number()),
                key.number());
        draft.put(Tables.MINERS, key.miner(), draft.require(Tables.MINERS, key.miner())
                .plus(TokenAmount.ZERO.minus(preCommit.deposit()), sector.pledge()));
        draft.totals(totals -> totals.plusPower(size));
        Call.require(!MinerActor.available(draft, key.miner()).isNegative(), ExitCode.INSUFFICIENT_FUNDS,
                "insufficient funds for initial pledge " + sector.pledge());
    }

    private DevnetProof.Inputs inputs(PreCommit preCommit, Cid unsealed) {
        SectorPreCommitInfo info = preCommit.info();
        Bytes entropy = Bytes.wrap(miner.toCbor());
        Randomness randomness = call.world().randomness();
        return new DevnetProof.Inputs(miner, info.sealProof(), info.sector(), info.sealed(), unsealed,
                randomness.fromTickets(Randomness.SEAL, info.sealRandEpoch(), entropy),
                randomness.fromBeacon(Randomness.SEED, seedEpoch(preCommit), entropy));
    }

    private void claim(PieceActivationManifest piece, AllocationKey key, SectorPreCommitInfo info) {
        Allocation allocation = call.draft().find(Tables.ALLOCATIONS, key.id()).orElseThrow(
                () -> new ActorException(ExitCode.NOT_FOUND, "allocation " + key.id() + " is not there"));
        illegalIf(allocation.client() != key.client() || allocation.provider() != call.receiver()
                || allocation.size() != piece.size().bytes() || !allocation.data().equals(piece.piece())
                || call.epoch() > allocation.expiration() || info.expiration() - call.epoch() < allocation.termMin()
                || info.expiration() - call.epoch() > allocation.termMax(),
                "allocation " + key.id() + " is not for this piece in this sector");
        call.draft().remove(Tables.ALLOCATIONS, key.id());
        call.draft().put(Tables.CLAIMS, key.id(), new Claim(allocation, call.epoch(), info.sector().value()));
    }

    private void tellMarket() {
        for (SectorActivationManifest manifest : activated) {
            List<PieceChange> changes = new ArrayList<>();
            for (PieceActivationManifest piece : manifest.pieces()) {
                for (Notification notification : piece.notifications()) {
                    boolean isMarket = call.draft().state().idOf(notification.address()).orElse(-1) == Ledger.MARKET;
                    Call.require(isMarket || !params.isNotificationRequired(), ExitCode.MINER_NOTIFICATION_SEND_FAILED,
                            notification.address() + " takes no notifications here");
                    if (isMarket) {
                        changes.add(new PieceChange(piece.piece(), piece.size(), notification.payload()));
                    }
                }
            }
            long expiration = call.draft().require(Tables.SECTORS, key(manifest.sector())).expiration();
            List<List<Boolean>> accepted = new DealActivation(call, call.receiver())
                    .activate(new SectorContentChanged(List.of(new SectorChanges(manifest.sector(), expiration,
                    changes))));
            Call.require(!params.isNotificationRequired() || !accepted.get(0).contains(false),
                    ExitCode.MINER_NOTIFICATION_REJECTED, "the market did not take a deal of sector "
                    + manifest.sector());
        }
    }

    private Event event(SectorActivationManifest manifest, Cid unsealed) {
        Event.Builder event = Event.of(call.receiver(), "sector-activated")
                .with("sector", out -> out.uint(manifest.sector().value()))
                .with("unsealed-cid", out -> out.cid(unsealed));
        manifest.pieces().forEach(piece -> event.with("piece-cid", out -> out.cid(piece.piece()))
                .with("piece-size", out -> out.uint(piece.size().bytes())));
        return event.build();
    }

    private long seedEpoch(PreCommit preCommit) {
        return preCommit.epoch() + call.rules().preCommitChallengeDelay();
    }

    private SectorKey key(SectorNumber sector) {
        return new SectorKey(call.receiver(), sector.value());
    }

    private static void illegalIf(boolean isIllegal, String reason) {
        Call.require(!isIllegal, ExitCode.ILLEGAL_ARGUMENT, reason);
    }
}
