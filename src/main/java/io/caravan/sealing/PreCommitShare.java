package io.caravan.sealing;

import io.caravan.chain.Methods;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.codec.Bytes;
import io.caravan.model.Epoch;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import java.util.List;
import java.util.Optional;

/** What a sector promises in its pre-commit, alone or among others; the chain takes all of a message or none. */
final class PreCommitShare implements SharedStep<PreCommitShare.Promise> {

    static final String STEP = "pre-commit";
    private static final long BYTES = 256;

    private final SealingTools tools;

    /** @param deposit what is locked with it */
    record Promise(SectorPreCommitInfo info, TokenAmount deposit) {}

    PreCommitShare(SealingTools tools) {
        this.tools = tools;
    }

    /** Whether one of its deals can still begin in it; otherwise a deposit would be lost. */
    boolean isInTime(SectorNumber sector, Epoch head) {
        return tools.sectors().piecesOf(sector).stream().anyMatch(piece -> head.isBefore(piece.startEpoch()));
    }

    /** The promise of a sector whose message was not signed before. */
    Promise promise(Sector sector, Epoch head) {
        Epoch lastEnd = tools.sectors().piecesOf(sector.number()).stream().map(SectorPiece::endEpoch)
                .max(Epoch::compareTo).orElse(head);
        Sector.Draw ticket = Known.of(sector.ticket(), sector, "a ticket");
        Epoch expiration = SealEpochs.expiration(lastEnd, ticket, head);
        return with(sector, new SectorPreCommitInfo(sector.sealProof(), sector.number(), Known.of(sector.commR(), sector, "CommR"),
                ticket.epoch().value(), List.of(), expiration.value(), Known.of(sector.commD(), sector, "CommD")));
    }

    Promise with(Sector sector, SectorPreCommitInfo info) {
        return new Promise(info, tools.chain().preCommitDeposit(sector.miner(), info));
    }

    @Override
    public String name() {
        return STEP;
    }

    @Override
    public SectorState state() {
        return SectorState.PRE_COMMIT_PHASE_2;
    }

    @Override
    public SectorEvent failure() {
        return SectorEvent.PRE_COMMIT_FAILED;
    }

    @Override
    public long method() {
        return Methods.MINER_PRE_COMMIT_SECTOR_BATCH2;
    }

    @Override
    public BatchConfig config() {
        return tools.config().sending().preCommit();
    }

    @Override
    public long bytes(Sector sector) {
        return BYTES;
    }

    /** The ticket gets too old, or the first of its deals begins. */
    @Override
    public Epoch cutOff(Sector sector) {
        Epoch old = Known.of(sector.ticket(), sector, "a ticket").epoch().plus(SealEpochs.MAX_TICKET_AGE);
        return tools.sectors().piecesOf(sector.number()).stream().map(SectorPiece::startEpoch).reduce(old, SharedStep::earlier);
    }

    @Override
    public Optional<Promise> part(Sector sector, Epoch head) {
        if (!isInTime(sector.number(), head)) {
            return Optional.empty();
        }
        try {
            tools.engine().requireSealed(Known.replica(sector)); // what is promised is there to be proven
        } catch (RedoException e) {
            return Optional.empty();
        }
        boolean hasTime = !SealEpochs.isOld(Known.of(sector.ticket(), sector, "a ticket"), head);
        return hasTime && tools.chain().preCommit(sector.miner(), sector.number()).isEmpty()
                ? Optional.of(promise(sector, head)) : Optional.empty();
    }

    @Override
    public TokenAmount value(Promise promise) {
        return promise.deposit();
    }

    @Override
    public Bytes params(List<Promise> promises) {
        return Bytes.wrap(new PreCommitSectorBatch2Params(promises.stream().map(Promise::info).toList()).toCbor());
    }
}
