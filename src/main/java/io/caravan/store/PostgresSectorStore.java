package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.IllegalMoveException;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link SectorStore} on rows of {@code sector}, {@code sector_event}, {@code sector_piece} and {@code outbox}. */
public final class PostgresSectorStore implements SectorStore {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresSectorStore.class);

    private final Sql sql;
    private final SectorLists lists;
    private final Clock clock;
    private final SectorLane lane;
    private final SectorMoves moves;
    private final Turns turns;
    private final Pieces pieces;
    private final Listeners<SectorMove> listeners = new Listeners<>();

    /** @param node this node's name, the same after a restart and no other node's: it marks the leases */
    public PostgresSectorStore(Sql sql, Clock clock, String node, Deadlines deadlines, Backoff backoff) {
        this(sql, clock, node, () -> deadlines, backoff);
    }

    /** As above, the deadlines asked at each move. */
    public PostgresSectorStore(Sql sql, Clock clock, String node, Supplier<Deadlines> deadlines, Backoff backoff) {
        this.sql = sql;
        this.lists = new SectorLists(sql);
        this.clock = clock;
        this.lane = new SectorLane(sql, clock, new Leases(node));
        this.moves = new SectorMoves(deadlines);
        this.turns = new Turns(backoff);
        this.pieces = new Pieces(sql);
    }

    @Override
    public Sector open(FilAddress miner, long sealProof, @Nullable Instant closing) {
        Instant now = clock.instant();
        SectorMoves.Moved opened = sql.inTransaction(() -> {
            long number = sql.one("sector/number", Map.of(), (row, n) -> row.getLong(1)).orElseThrow();
            Sector fresh = Sector.fresh(miner, SectorNumber.of(number), sealProof, now);
            SectorMoves.Moved moved = moves.fired(fresh, null, List.of(SectorEvent.OPEN), now);
            Sector sector = closing == null ? moved.sector() : moved.sector().withDeadline(closing);
            sql.write("sector/insert", SectorRows.inserted(sector));
            append(moved.moves());
            return new SectorMoves.Moved(sector, moved.moves());
        });
        listeners.tell(opened.moves());
        return opened.sector();
    }

    @Override
    public Optional<Sector> find(SectorNumber number) {
        return sql.one("sector/find", Map.of("number", number.value()), SectorRows::sector);
    }

    @Override
    public List<Sector> list(Set<SectorState> states, @Nullable SectorNumber after, int limit) {
        return lists.inStates(states, after, limit);
    }

    @Override
    public List<Sector> unlike(Set<SectorNumber> live, Set<SectorNumber> faulty, @Nullable SectorNumber after, int limit) {
        return lists.unlike(live, faulty, clock.instant(), after, limit);
    }

    @Override
    public Map<SectorState, Long> count() {
        return lists.count();
    }

    @Override
    public List<Sector> claim(SectorState state, @Nullable SectorStage stage, int limit, Duration lease) {
        return lane.claim(state, stage, limit, lease);
    }

    @Override
    public int keepOut(SectorState state, String waitsFor) {
        return lane.keepOut(state, waitsFor);
    }

    @Override
    public Set<SectorState> due() {
        return lane.due();
    }

    @Override
    public boolean renew(Sector sector, Duration lease) {
        return lane.renew(sector, lease);
    }

    @Override
    public Sector advance(Sector sector, SectorEvent... events) {
        return advanceBecause(sector, null, events);
    }

    @Override
    public Sector advanceBecause(Sector sector, @Nullable String note, SectorEvent... events) {
        Instant now = clock.instant();
        SectorMoves.Moved moved = moves.fired(sector, note, List.of(events), now);
        write(sector, moved.sector(), moved.moves(), now);
        listeners.tell(moved.moves());
        return moved.sector();
    }

    @Override
    public Sector record(Sector sector) {
        Instant now = clock.instant();
        Sector written = SectorMoves.written(sector, sector.turn(), sector.waiting(), now);
        write(sector, written, List.of(), now);
        return written;
    }

    @Override
    public Optional<Sector> signal(SectorNumber number, UnaryOperator<Sector> change, SectorEvent... events) {
        Instant now = clock.instant();
        Optional<SectorMoves.Moved> moved = sql.inTransaction(() -> locked(number)
                .flatMap(sector -> signalled(sector, change, List.of(events), now)));
        moved.ifPresent(done -> listeners.tell(done.moves()));
        return moved.map(SectorMoves.Moved::sector);
    }

    private Optional<Sector> locked(SectorNumber number) {
        return sql.one("sector/lock", Map.of("number", number.value()), SectorRows::sector);
    }

    private Optional<SectorMoves.Moved> signalled(Sector sector, UnaryOperator<Sector> change,
            List<SectorEvent> events, Instant now) {
        try {
            SectorMoves.Moved moved = moves.signalled(change.apply(sector), events, now);
            writeLocked(sector, moved.sector(), moved.moves(), now);
            return Optional.of(moved);
        } catch (IllegalMoveException e) {
            LOG.warn("sector {}: dropped {}: {}", sector.number(), events, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public Instant postpone(Sector sector, Duration delay) {
        Instant now = clock.instant();
        return giveBack(sector, Turns.postponed(sector.turn(), delay, now), sector.waiting().well(), now);
    }

    @Override
    public Instant retry(Sector sector, Throwable failure) {
        Instant now = clock.instant();
        Turn turn = turns.failed(sector.turn(), failure, now);
        if (turn.parked()) {
            LOG.error("sector {} is parked in {} after {} tries: {}; look at the log, then resume it", sector.number(),
                    sector.state(), turn.attempt(), Turns.sentence(failure));
        }
        return giveBack(sector, turn, Turns.failed(sector.waiting(), failure, now), now);
    }

    @Override
    public void park(Sector sector, Throwable failure) {
        Instant now = clock.instant();
        giveBack(sector, Turns.parked(sector.turn(), now), Turns.failed(sector.waiting(), failure, now), now);
    }

    private Instant giveBack(Sector sector, Turn turn, Waiting waiting, Instant now) {
        try {
            write(sector, SectorMoves.written(sector, turn, waiting, now), List.of(), now);
        } catch (LeaseLostException e) {
            LOG.debug("{}", e.getMessage());
        }
        return turn.runAfter();
    }

    @Override
    public void release(Sector sector) {
        lane.release(sector);
    }

    @Override
    public boolean resume(SectorNumber number) {
        Instant now = clock.instant();
        return sql.inTransaction(() -> locked(number).filter(sector -> sector.state() != SectorState.UNKNOWN)
                .map(sector -> {
                    Turn turn = Turns.resumed(sector.turn(), moves.limit(sector), now);
                    writeLocked(sector, SectorMoves.written(sector, turn, sector.waiting(), now), List.of(), now);
                    return true;
                }).orElse(false));
    }

    @Override
    public int reclaim() {
        return lane.reclaim();
    }

    @Override
    public List<SectorMove> events(Collection<SectorNumber> numbers) {
        return sql.list("sector_event/of-sectors", Map.of("numbers", SectorRows.keys(numbers)), SectorRows::move);
    }

    @Override
    public Subscription onMove(Consumer<SectorMove> listener) {
        return listeners.add(listener);
    }

    @Override
    public SectorPiece handOff(SectorPiece piece) {
        return pieces.handOff(piece);
    }

    @Override
    public Optional<SectorPiece> pieceOf(Cid proposalCid) {
        return pieces.find(proposalCid);
    }

    @Override
    public List<SectorPiece> waitingPieces(int limit) {
        return pieces.waiting(limit, clock.instant());
    }

    @Override
    public List<SectorPiece> latePieces(Epoch earliestStart, int limit) {
        return pieces.late(earliestStart, limit);
    }

    @Override
    public List<SectorPiece> unwrittenPieces(int limit) {
        return pieces.unwritten(limit);
    }

    @Override
    public Optional<Setback> setbackOf(Cid proposalCid) {
        return pieces.setback(proposalCid);
    }

    @Override
    public void setBack(Cid proposalCid, String reason) {
        Instant now = clock.instant();
        sql.inTransaction(() -> unwritten(proposalCid).map(piece -> {
            pieces.unplace(piece.sector(), piece.offset());
            int tries = pieces.setback(proposalCid).map(Setback::tries).orElse(0);
            pieces.note(proposalCid, 1, reason, now.plus(turns.wait(tries)), now);
            return piece;
        }).isPresent());
    }

    /** The piece as it lies, unwritten, in a sector that is locked now; empty when it does not. */
    private Optional<SectorPiece> unwritten(Cid proposalCid) {
        return pieces.find(proposalCid).filter(piece -> piece.sector() != null)
                .filter(piece -> locked(piece.sector()).isPresent())
                .flatMap(piece -> pieces.find(proposalCid))
                .filter(piece -> piece.sector() != null && piece.written() == null);
    }

    @Override
    public void keepWaiting(Cid proposalCid, String reason) {
        Instant now = clock.instant();
        pieces.note(proposalCid, 0, reason, now, now);
    }

    @Override
    public boolean withdraw(Cid proposalCid, String reason) {
        return sql.inTransaction(() -> {
            unwritten(proposalCid).ifPresent(piece -> pieces.unplace(piece.sector(), piece.offset()));
            if (pieces.find(proposalCid).filter(piece -> piece.written() == null).isEmpty()) {
                return false;
            }
            pieces.refuse(proposalCid, reason, clock.instant());
            return true;
        });
    }

    @Override
    public List<SectorPiece> piecesOf(SectorNumber number) {
        return pieces.of(number);
    }

    @Override
    public List<SectorPiece> piecesOf(Collection<SectorNumber> numbers) {
        return pieces.of(numbers);
    }

    @Override
    public List<OpenSector> openSectors() {
        return sql.list("sector/open", Map.of(), (row, number) -> new OpenSector(SectorRows.sector(row, number),
                row.getLong("used_padded"), row.getInt("pieces")));
    }

    @Override
    public int sealing() {
        return sql.one("sector/sealing", Map.of(), (row, number) -> row.getInt("many")).orElseThrow();
    }

    @Override
    public List<Sector> givenUp(int limit) {
        return sql.list("sector/given-up", Map.of("limit", limit), SectorRows::sector);
    }

    @Override
    public List<Sector> parked(int limit) {
        return sql.list("sector/parked", Map.of("limit", limit), SectorRows::sector);
    }

    @Override
    public List<Sector> allParked(int limit) {
        return sql.list("sector/parked-any", Map.of("limit", limit), SectorRows::sector);
    }

    @Override
    public Optional<SectorPiece> assign(Cid proposalCid, SectorNumber number, PaddedPieceSize sectorSize) {
        Instant now = clock.instant();
        Optional<SectorMoves.Moved> moved = sql.inTransaction(() -> locked(number)
                .filter(sector -> sector.state() == SectorState.PRE_COMMIT_PHASE_1
                        && sector.stage() == SectorStage.STAGING)
                .filter(sector -> pieces.place(proposalCid, number, sectorSize))
                .flatMap(sector -> signalled(sector, UnaryOperator.identity(), List.of(SectorEvent.PIECE_ADDED), now)));
        moved.ifPresent(done -> listeners.tell(done.moves()));
        return moved.isPresent() ? pieces.find(proposalCid) : Optional.empty();
    }

    @Override
    public void written(Cid proposalCid) {
        if (pieces.find(proposalCid).filter(piece -> piece.sector() != null).isEmpty()) {
            throw new FatalException("the piece of deal " + proposalCid + " is in no sector, so it cannot be written");
        }
        pieces.written(proposalCid, clock.instant());
    }

    @Override
    public int wakeDealsOf(SectorNumber number) {
        return sql.write("deal/wake-sector", Map.of("number", number.value(), "now", clock.instant()));
    }

    @Override
    public int unassign(SectorNumber number) {
        return pieces.unassign(number);
    }

    @Override
    public void refuse(Cid proposalCid, String reason) {
        pieces.refuse(proposalCid, reason, clock.instant());
    }

    private void write(Sector was, Sector is, List<SectorMove> lines, Instant now) {
        sql.inTransaction(() -> {
            if (sql.write("sector/write", comparison(was, is, false, now)) == 0) {
                throw new LeaseLostException("sector " + was.number() + " is no longer as it was read in "
                        + was.state() + ", version " + was.version());
            }
            return append(lines);
        });
    }

    private void writeLocked(Sector was, Sector is, List<SectorMove> lines, Instant now) {
        sql.write("sector/write", comparison(was, is, true, now));
        append(lines);
    }

    private static Map<String, @Nullable Object> comparison(Sector was, Sector is, boolean anyLease, Instant now) {
        Map<String, @Nullable Object> columns = SectorRows.written(is);
        columns.put("was_state", was.state().wireName());
        columns.put("was_version", was.version());
        columns.put("was_lease", was.turn().lease());
        columns.put("any_lease", anyLease);
        columns.put("lease", is.turn().lease());
        columns.put("now", now);
        return columns;
    }

    private int append(List<SectorMove> lines) {
        lines.forEach(line -> sql.write("sector_event/append", SectorRows.appended(line, lane.leases().owner())));
        return lines.size();
    }
}
