package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.DevnetProof;
import io.caravan.chain.MessageLane;
import io.caravan.chain.Methods;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.PreCommittedSector;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorActivationManifest;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.codec.Bytes;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import io.caravan.store.MessageIntent;
import io.caravan.store.SectorStore;
import io.caravan.support.TestDevnet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives each piece of a whole sector a sector, pre-commits it and proves it with the devnet's declared placeholder. */
final class StandInSealer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StandInSealer.class);
    private static final long PROOF_TYPE = 5;
    private static final FilAddress MINER = TestDevnet.MINER;

    private final Chain chain;
    private final SectorStore sectors;
    private final MessageLane lane;
    private final ScheduledFuture<?> ticking;

    StandInSealer(Chain chain, SectorStore sectors, MessageLane lane, ScheduledExecutorService timer) {
        this.chain = chain;
        this.sectors = sectors;
        this.lane = lane;
        this.ticking = timer.scheduleWithFixedDelay(this::quietly, 200, 300, TimeUnit.MILLISECONDS);
    }

    private void quietly() {
        try {
            tick();
        } catch (RuntimeException e) {
            LOG.debug("sealing later: {}", e.toString());
        }
    }

    private void tick() {
        for (SectorPiece piece : sectors.waitingPieces(10)) {
            Sector sector = sectors.open(MINER, PROOF_TYPE, null);
            sectors.assign(piece.proposalCid(), sector.number(), PaddedPieceSize.of(2048));
            sectors.written(piece.proposalCid());
        }
        for (Sector sector : sectors.list(Set.of(SectorState.PRE_COMMIT_PHASE_1), null, 100)) {
            sectors.piecesOf(sector.number()).forEach(piece -> seal(sector.number(), piece));
        }
    }

    private void seal(SectorNumber number, SectorPiece piece) {
        Epoch head = chain.head().epoch();
        Bytes entropy = Bytes.wrap(MINER.toCbor());
        Optional<PreCommittedSector> onChain = chain.preCommit(MINER, number);
        if (onChain.isEmpty()) {
            if (chain.sector(MINER, number).isEmpty()) {
                Epoch at = head.minus(2);
                Bytes ticket = chain.ticketRandomness(5, at, entropy);
                send("pre-commit/" + number, Methods.MINER_PRE_COMMIT_SECTOR_BATCH2, TokenAmount.ofFil(10),
                        new PreCommitSectorBatch2Params(List.of(new SectorPreCommitInfo(PROOF_TYPE, number,
                                DevnetProof.sealed(MINER, number, piece.pieceCid(), ticket), at.value(), List.of(),
                                piece.endEpoch().value() + 20_000, piece.pieceCid()))).toCbor());
            }
            return;
        }
        PreCommittedSector pre = onChain.get();
        Epoch seedAt = pre.preCommitEpoch().plus(chain.networkParams().preCommitChallengeDelay());
        if (head.value() <= seedAt.value() + 2) {
            return;
        }
        Bytes proof = DevnetProof.of(new DevnetProof.Inputs(MINER, PROOF_TYPE, number, pre.sealed(), piece.pieceCid(),
                chain.ticketRandomness(5, pre.sealRandEpoch(), entropy), chain.beaconRandomness(6, seedAt, entropy)));
        send("prove/" + number, Methods.MINER_PROVE_COMMIT_SECTORS3, TokenAmount.ofFil(10),
                ProveCommitSectors3Params.of(List.of(new SectorActivationManifest(number,
                        List.of(PieceActivationManifest.ofDeal(piece.pieceCid(), piece.size(), piece.dealId())))),
                        List.of(proof)).toCbor());
    }

    private void send(String key, long method, TokenAmount value, byte[] params) {
        try {
            lane.send(new MessageIntent(key, TestDevnet.WORKER.address(), MINER, method, value, Bytes.wrap(params),
                    key));
        } catch (ChainRefusedException e) {
            LOG.warn("stand-in sealer: {}", e.getMessage());
        }
    }

    @Override
    public void close() {
        ticking.cancel(false);
    }
}
