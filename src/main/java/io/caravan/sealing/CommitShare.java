package io.caravan.sealing;

import io.caravan.chain.Methods;
import io.caravan.chain.OnChainSector;
import io.caravan.chain.PieceActivationManifest;
import io.caravan.chain.PreCommittedSector;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.SectorActivationManifest;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sector brings on chain with its proof, alone or among others. Among others a proof that does not hold fails its
 * sector only; a deal that the market does not take fails the message, and then each goes alone.
 */
final class CommitShare implements SharedStep<CommitShare.Activation> {

    static final String STEP = "prove-commit";
    private static final Logger LOG = LoggerFactory.getLogger(CommitShare.class);
    private static final long BYTES_BESIDES_PROOF = 512;
    private static final long BYTES_OF_PIECE = 160;

    private final SealingTools tools;
    private final SeedCheck seeds;

    /** @param pledge what is locked on top of the deposit */
    record Activation(SectorActivationManifest manifest, Bytes proof, TokenAmount pledge) {}

    CommitShare(SealingTools tools) {
        this.tools = tools;
        this.seeds = new SeedCheck(tools);
    }

    /** Whether one of its deals can still begin in it. */
    boolean isInTime(Sector sector, Epoch head) {
        return tools.sectors().piecesOf(sector.number()).stream().anyMatch(piece -> head.isBefore(piece.startEpoch()));
    }

    /** What the sector's message says; {@code isTold} whether the market is told of its deals. */
    Activation activation(Sector sector, Epoch head, boolean isTold) {
        List<SectorPiece> pieces = tools.sectors().piecesOf(sector.number());
        Set<Cid> takeable = isTold ? takeable(sector, pieces, head) : Set.of();
        List<PieceActivationManifest> manifests = pieces.stream().map(piece -> manifest(sector, piece, head, takeable)).toList();
        return new Activation(new SectorActivationManifest(sector.number(), manifests), Known.of(sector.proof(), sector, "a proof"),
                pledge(sector, head, claimed(manifests)));
    }

    /** The parameters of a message for this sector alone. */
    static Bytes alone(Activation one, boolean isNotificationRequired) {
        return Bytes.wrap(ProveCommitSectors3Params.of(List.of(one.manifest()), List.of(one.proof()))
                .withNotificationRequired(isNotificationRequired).toCbor());
    }

    @Override
    public String name() {
        return STEP;
    }

    @Override
    public SectorState state() {
        return SectorState.COMMIT_PHASE_2;
    }

    @Override
    public SectorEvent failure() {
        return SectorEvent.PROVE_FAILED;
    }

    @Override
    public long method() {
        return Methods.MINER_PROVE_COMMIT_SECTORS3;
    }

    @Override
    public BatchConfig config() {
        return tools.config().sending().commit();
    }

    @Override
    public long bytes(Sector sector) {
        Bytes proof = sector.proof();
        return BYTES_BESIDES_PROOF + (proof == null ? 0 : proof.size())
                + BYTES_OF_PIECE * tools.sectors().piecesOf(sector.number()).size();
    }

    /** The pre-commit lapses, or the first of its deals begins. */
    @Override
    public Epoch cutOff(Sector sector) {
        Epoch lapse = Known.of(sector.preCommit().landed(), sector, "a pre-commit on chain").plus(SealEpochs.MAX_PROVE_COMMIT);
        return tools.sectors().piecesOf(sector.number()).stream().map(SectorPiece::startEpoch).reduce(lapse, SharedStep::earlier);
    }

    @Override
    public Optional<Activation> part(Sector sector, Epoch head) {
        Optional<OnChainSector> proven = tools.chain().sector(sector.miner(), sector.number());
        return proven.isEmpty() && seeds.isCurrent(sector) && isInTime(sector, head)
                ? Optional.of(activation(sector, head, true)) : Optional.empty();
    }

    @Override
    public TokenAmount value(Activation one) {
        return one.pledge();
    }

    @Override
    public Bytes params(List<Activation> all) {
        ProveCommitSectors3Params params = ProveCommitSectors3Params.of(all.stream().map(Activation::manifest).toList(),
                all.stream().map(Activation::proof).toList());
        return Bytes.wrap(params.withActivationRequired(all.size() == 1).toCbor());
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

}
