package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The miner's sectors and the pieces in them; the rules of claiming and moving are those of {@link DealStore}. */
public interface SectorStore {

    /**
     * Numbers and stores a new sector that takes pieces, and opens it: PreCommitPhase1, stage STAGING.
     *
     * @param sealProof the network's number of the seal proof type
     * @param closing when it stops taking pieces even if not full; null leaves the usual deadline
     */
    Sector open(FilAddress miner, long sealProof, @Nullable Instant closing);

    Optional<Sector> find(SectorNumber number);

    /**
     * Proven sectors whose row does not say what the chain says, by number, those after the given one first: no longer
     * live and not about to look themselves, or faulty by one of the two only.
     */
    List<Sector> unlike(Set<SectorNumber> live, Set<SectorNumber> faulty, @Nullable SectorNumber after, int limit);

    /** Sectors by number, those after the given one first; the states empty means all. */
    List<Sector> list(Set<SectorState> states, @Nullable SectorNumber after, int limit);

    /** How many sectors are in each state that has any. */
    Map<SectorState, Long> count();

    /** Leases sectors whose turn has come, oldest first. {@code stage} null means any. */
    List<Sector> claim(SectorState state, @Nullable SectorStage stage, int limit, Duration lease);

    /**
     * Notes what the sectors of a state wait for that would compute now and cannot on this node; they stay as they are, due
     * and nobody's. How many there are.
     */
    int keepOut(SectorState state, String waitsFor);

    /** The states in which some sector's turn has come. */
    Set<SectorState> due();

    boolean renew(Sector sector, Duration lease);

    /** As {@link DealStore#advance}. */
    Sector advance(Sector sector, SectorEvent... events);

    /** As {@link DealStore#advanceBecause}. */
    Sector advanceBecause(Sector sector, @Nullable String note, SectorEvent... events);

    /** As {@link DealStore#record}. */
    Sector record(Sector sector);

    /** As {@link DealStore#signal}. */
    Optional<Sector> signal(SectorNumber number, UnaryOperator<Sector> change, SectorEvent... events);

    /** As {@link DealStore#postpone}. */
    Instant postpone(Sector sector, Duration delay);

    /** As {@link DealStore#retry}. */
    Instant retry(Sector sector, Throwable failure);

    void park(Sector sector, Throwable failure);

    void release(Sector sector);

    boolean resume(SectorNumber number);

    /** Gives back every lease that an earlier life of this node holds. */
    int reclaim();

    /** The sector's history from its first line. */
    default List<SectorMove> events(SectorNumber number) {
        return events(List.of(number));
    }

    /** The same for many sectors in one look, those of one behind each other. */
    List<SectorMove> events(Collection<SectorNumber> numbers);

    Subscription onMove(Consumer<SectorMove> listener);

    /**
     * Hands a deal's piece to sealing. Idempotent: one row per deal and per deal id; the row that was there comes back.
     *
     * @throws io.caravan.model.FatalException if another deal already has that deal id
     */
    SectorPiece handOff(SectorPiece piece);

    /** The deal's piece, with the sector and place it got. */
    Optional<SectorPiece> pieceOf(Cid proposalCid);

    /**
     * Pieces without a sector that were not refused, those whose deal starts first first; one that was set back only
     * once it may be tried again.
     */
    List<SectorPiece> waitingPieces(int limit);

    /** Pieces without a sector whose deals start before that epoch, those included that were set back. */
    List<SectorPiece> latePieces(Epoch earliestStart, int limit);

    /** Pieces with a place in a sector that takes pieces, their bytes not there yet, in the order of writing them. */
    List<SectorPiece> unwrittenPieces(int limit);

    /**
     * Why a piece is in no sector yet.
     *
     * @param tries how often taking it failed
     * @param nextTry when it is tried next
     */
    record Setback(int tries, String reason, Instant nextTry) {}

    /** Why sealing has not taken the deal's piece; empty when nothing stands in its way, or it is in its sector. */
    Optional<Setback> setbackOf(Cid proposalCid);

    /**
     * A piece could not be written into its sector: it and those behind it lose their places, the sector stays as it
     * was before them, and the piece is tried again later and later. Does nothing for a piece that is written.
     */
    void setBack(Cid proposalCid, String reason);

    /** Says why a waiting piece got no place this time; it is looked at again at the next occasion. */
    void keepWaiting(Cid proposalCid, String reason);

    /**
     * The deal gives up: sealing does not take the piece any more. As {@link #refuse}, but only while its bytes are in
     * no sector.
     *
     * @return whether the piece is refused now
     */
    boolean withdraw(Cid proposalCid, String reason);

    /** The sector's pieces in the order in which they lie. */
    List<SectorPiece> piecesOf(SectorNumber number);

    /** The same for many sectors in one look, those of one behind each other. */
    List<SectorPiece> piecesOf(Collection<SectorNumber> numbers);

    /** Sectors that take pieces (STAGING), by number, with the padded bytes already used up to the last piece's end. */
    List<OpenSector> openSectors();

    /** How many sectors are being filled or sealed; one that waits for an operator is not counted. */
    int sealing();

    /** Sectors that ended before they were proven and still hold pieces. */
    List<Sector> givenUp(int limit);

    /** Sectors that are not proven and wait for an operator. */
    List<Sector> parked(int limit);

    /** Sectors that wait for an operator, whatever their step, by number. */
    List<Sector> allParked(int limit);

    /** @param used padded bytes from the sector's beginning to the end of its last piece */
    record OpenSector(Sector sector, long used, int pieces) {}

    /**
     * Gives a waiting piece its place at the first aligned offset after the sector's last piece, under a lock that
     * admits one packer a miner, and records PieceAdded on the sector.
     *
     * @param sectorSize padded bytes a sector of this kind holds
     * @return the piece with its place; empty when it does not fit, the sector is closed, or the piece has a place
     */
    Optional<SectorPiece> assign(Cid proposalCid, SectorNumber number, PaddedPieceSize sectorSize);

    /** Notes that the piece's bytes are in the sector's unsealed file; idempotent. */
    void written(Cid proposalCid);

    /** The active deals of a sector that left the chain look for themselves now; how many. */
    int wakeDealsOf(SectorNumber number);

    /** Takes the place of every piece of a sector away again (sector given up): they wait for another sector. */
    int unassign(SectorNumber number);

    /**
     * Sealing will never take the piece: it loses its place, waits no more and keeps the reason, by which its deal
     * fails. Idempotent; the first reason stays.
     */
    void refuse(Cid proposalCid, String reason);
}
