package io.caravan.store;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.IllegalMoveException;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorStage;
import io.caravan.model.SectorState;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSectorStoreTest {

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final FilAddress MINER = FilAddress.ofId(1000);
    private static final PaddedPieceSize SECTOR = PaddedPieceSize.of(2048);
    private static final Duration LEASE = Duration.ofMinutes(1);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(START);
    private PostgresSectorStore one;
    private PostgresSectorStore two;

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        one = store("one");
        two = store("two");
    }

    private PostgresSectorStore store(String node) {
        return new PostgresSectorStore(POSTGRES.database().sql(), clock, node, Deadlines.usual(),
                Backoff.usual(new Random(1)));
    }

    private static Cid cid(String name) {
        return Cid.rawSha256(name.getBytes());
    }

    private static SectorPiece piece(String deal, long dealId, long size) {
        return piece(cid(deal), dealId, size);
    }

    private static SectorPiece piece(Cid deal, long dealId, long size) {
        return new SectorPiece(deal, dealId, cid("publish"), Cid.commP(new byte[32]), PaddedPieceSize.of(size),
                "/staging/" + deal, 100, Epoch.of(1000 + dealId), Epoch.of(600_000), true, START, null, null, null,
                        null);
    }

    @Test
    void opensSectorsWithNumbersOfTheirOwn() {
        Sector first = one.open(MINER, 8, START.plusSeconds(60));
        Sector second = two.open(MINER, 8, null);
        assertThat(second.number()).isNotEqualTo(first.number());
        assertThat(one.find(first.number())).contains(first);
        assertThat(first.state()).isEqualTo(SectorState.PRE_COMMIT_PHASE_1);
        assertThat(first.stage()).isEqualTo(SectorStage.STAGING);
        assertThat(first.turn().deadline()).isEqualTo(START.plusSeconds(60));
        assertThat(second.turn().deadline()).isNotNull();
        assertThat(one.list(Set.of(), first.number(), 10)).containsExactly(second);
        assertThat(one.list(Set.of(SectorState.PROVING), null, 10)).isEmpty();
        assertThat(one.count()).containsExactly(Map.entry(SectorState.PRE_COMMIT_PHASE_1, 2L));
    }

    @Test
    void goesTheWholeWayWithItsFacts() {
        one.open(MINER, 8, null);
        Sector sector = claim(SectorState.PRE_COMMIT_PHASE_1);
        sector = one.advance(sector.withStage(SectorStage.COMPUTING), SectorEvent.PACKED);
        assertThat(sector.turn().lease()).isNotNull();
        sector = one.advance(sector.withTicket(new Sector.Draw(Epoch.of(5), Bytes.utf8("ticket")))
                .withCommitments(Cid.commD(new byte[32]), null), SectorEvent.TICKET_TAKEN,
                        SectorEvent.PRE_COMMIT_1_DONE);
        sector = claim(SectorState.PRE_COMMIT_PHASE_2).withCommitments(sector.commD(), Cid.commR(new byte[32]))
                .withPreCommit(new Sector.Sent("pre/0", cid("pre"), null)).withStage(SectorStage.LANDING)
                .withExpiration(Epoch.of(900_000));
        sector = one.record(sector);
        sector = one.advance(sector.withPreCommit(new Sector.Sent("pre/0", cid("pre"), Epoch.of(9))),
                SectorEvent.PRE_COMMIT_LANDED);
        assertThat(sector.stage()).isEqualTo(SectorStage.COMPUTING);
        one.advance(claim(SectorState.WAIT_SEED).withSeed(new Sector.Draw(Epoch.of(159), Bytes.utf8("seed"))),
                SectorEvent.SEED_READY);
        one.advance(claim(SectorState.COMMIT_PHASE_1), SectorEvent.COMMIT_1_DONE);
        one.advance(claim(SectorState.COMMIT_PHASE_2).withProof(Bytes.utf8("proof"))
                .withProve(new Sector.Sent("prove/0", cid("prove"), Epoch.of(170))), SectorEvent.PROVE_LANDED);
        Sector proven = one.advance(claim(SectorState.FINALIZE), SectorEvent.FINALIZED);
        assertThat(one.find(proven.number())).contains(proven);
        assertThat(proven.ticket()).isEqualTo(new Sector.Draw(Epoch.of(5), Bytes.utf8("ticket")));
        assertThat(proven.proof()).isEqualTo(Bytes.utf8("proof"));
        assertThat(one.events(proven.number())).extracting(SectorMove::event).containsExactly(SectorEvent.OPEN,
                SectorEvent.PACKED, SectorEvent.TICKET_TAKEN, SectorEvent.PRE_COMMIT_1_DONE,
                        SectorEvent.PRE_COMMIT_LANDED,
                SectorEvent.SEED_READY, SectorEvent.COMMIT_1_DONE, SectorEvent.PROVE_LANDED, SectorEvent.FINALIZED);
    }

    private Sector claim(SectorState state) {
        return one.claim(state, null, 1, LEASE).get(0);
    }

    @Test
    void letsOneOfTwoOwnersMoveASector() {
        one.open(MINER, 8, null);
        Sector slow = claim(SectorState.PRE_COMMIT_PHASE_1);
        assertThat(two.claim(SectorState.PRE_COMMIT_PHASE_1, null, 1, LEASE)).isEmpty();
        clock.set(START.plus(LEASE));
        assertThat(two.claim(SectorState.PRE_COMMIT_PHASE_1, SectorStage.COMPUTING, 1, LEASE)).isEmpty();
        Sector taken = two.claim(SectorState.PRE_COMMIT_PHASE_1, SectorStage.STAGING, 1, LEASE).get(0);
        assertThatThrownBy(() -> one.advance(slow, SectorEvent.PRE_COMMIT_1_DONE))
                .isInstanceOf(LeaseLostException.class);
        assertThatThrownBy(() -> one.advance(taken, SectorEvent.PROVE_LANDED)).isInstanceOf(IllegalMoveException.class);
        two.retry(taken, new RetryableException("no space"));
        assertThat(two.find(taken.number()).orElseThrow().waiting().lastError()).isEqualTo("no space");
        assertThat(store("two").reclaim()).isZero();
        assertThat(two.resume(taken.number())).isTrue();
        assertThat(two.due()).containsExactly(SectorState.PRE_COMMIT_PHASE_1);
        claim(SectorState.PRE_COMMIT_PHASE_1);
        assertThat(store("one").reclaim()).isEqualTo(1);
    }

    @Test
    void handsAPieceOverOnce() {
        SectorPiece piece = piece("a", 7, 256);
        assertThat(one.handOff(piece)).isEqualTo(piece);
        assertThat(two.handOff(piece("a", 7, 512))).isEqualTo(piece);
        assertThatThrownBy(() -> one.handOff(piece("b", 7, 256))).isInstanceOf(FatalException.class)
                .hasMessageContaining("deal id 7");
        assertThat(one.waitingPieces(10)).containsExactly(piece);
    }

    @Test
    void packsPiecesWhereTheirSizesAllow() {
        one.handOff(piece("late", 9, 1024));
        one.handOff(piece("small", 1, 256));
        one.handOff(piece("middle", 2, 512));
        one.handOff(piece("big", 3, 1024));
        assertThat(one.waitingPieces(10)).extracting(SectorPiece::dealId).containsExactly(1L, 2L, 3L, 9L);
        SectorNumber sector = one.open(MINER, 8, null).number();
        assertThat(place("small", sector)).isEqualTo(0);
        assertThat(place("middle", sector)).isEqualTo(512);
        assertThat(place("big", sector)).isEqualTo(1024);
        assertThat(one.assign(cid("big"), sector, SECTOR)).isEmpty();
        assertThat(one.assign(cid("late"), sector, SECTOR)).isEmpty();
        SectorStore.OpenSector open = one.openSectors().get(0);
        assertThat(open.used()).isEqualTo(2048);
        assertThat(open.pieces()).isEqualTo(3);
        one.written(cid("small"));
        one.written(cid("small"));
        assertThat(one.piecesOf(sector)).extracting(SectorPiece::written).containsExactly(START, null, null);
        assertThatThrownBy(() -> one.written(cid("late"))).isInstanceOf(FatalException.class);
        assertThat(one.unassign(sector)).isEqualTo(3);
        assertThat(one.waitingPieces(10)).hasSize(4);
    }

    private long place(String deal, SectorNumber sector) {
        return Optional.ofNullable(one.assign(cid(deal), sector, SECTOR).orElseThrow().offset()).orElseThrow();
    }

    @Test
    void hasTheStatesOwnDeadlineOnceItIsPacked() {
        one.open(MINER, 8, START.plusSeconds(1));
        clock.forward(Duration.ofSeconds(2));
        Sector packed = one.advance(claim(SectorState.PRE_COMMIT_PHASE_1).withStage(SectorStage.COMPUTING),
                SectorEvent.PACKED);
        assertThat(packed.turn().isOverdue(clock.instant())).isFalse();
    }

    @Test
    void takesNoPieceIntoASectorThatIsClosed() {
        one.handOff(piece("a", 1, 256));
        one.open(MINER, 8, null);
        Sector closed = one.advance(claim(SectorState.PRE_COMMIT_PHASE_1).withStage(SectorStage.COMPUTING),
                SectorEvent.PACKED);
        assertThat(one.assign(cid("a"), closed.number(), SECTOR)).isEmpty();
        assertThat(one.openSectors()).isEmpty();
    }

    @Test
    void keepsTheReasonOfARefusedPiece() {
        one.handOff(piece("a", 1, 256));
        SectorNumber sector = one.open(MINER, 8, null).number();
        place("a", sector);
        one.refuse(cid("a"), "commP differs");
        one.refuse(cid("a"), "another");
        assertThat(one.waitingPieces(10)).isEmpty();
        assertThat(one.pieceOf(cid("a")).orElseThrow().refusal()).isEqualTo("commP differs");
        assertThat(one.assign(cid("a"), sector, SECTOR)).isEmpty();
    }

    @Test
    void wakesTheDealThatWaitsForAPieceWhichIsWrittenOrRefused() {
        PostgresDealStore deals = POSTGRES.deals(clock, "one");
        Cid written = staged(deals, "written", 1);
        Cid refused = staged(deals, "refused", 2);
        staged(deals, "waiting", 3);
        List<Deal> claimed = deals.claim(Role.PROVIDER, DealState.STAGED, 10, LEASE);
        assertThat(claimed).hasSize(3);
        claimed.forEach(deal -> deals.postpone(deal, Duration.ofHours(1)));
        SectorNumber sector = one.open(MINER, 8, null).number();
        assertThat(one.assign(written, sector, SECTOR)).isPresent();
        assertThat(deals.claim(Role.PROVIDER, DealState.STAGED, 10, LEASE)).isEmpty();
        one.written(written);
        one.refuse(refused, "commP differs");
        assertThat(deals.claim(Role.PROVIDER, DealState.STAGED, 10, LEASE)).extracting(Deal::proposalCid)
                .containsExactlyInAnyOrder(written, refused);
    }

    private Cid staged(PostgresDealStore deals, String name, long dealId) {
        Cid deal = deals.insert(aDeal(name).as(Role.PROVIDER).in(DealState.STAGED).at(START).build()).deal().proposalCid();
        one.handOff(piece(deal, dealId, 256));
        return deal;
    }

    @Test
    void neverPutsTwoPiecesInOnePlace() throws Exception {
        SectorNumber sector = one.open(MINER, 8, null).number();
        for (int i = 0; i < 16; i++) {
            one.handOff(piece("p" + i, i, 256));
        }
        var pool = Executors.newFixedThreadPool(4);
        for (int i = 0; i < 16; i++) {
            String deal = "p" + i;
            for (PostgresSectorStore store : List.of(one, two)) {
                pool.submit(() -> store.assign(cid(deal), sector, SECTOR));
            }
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(one.piecesOf(sector)).extracting(SectorPiece::offset)
                .containsExactly(0L, 256L, 512L, 768L, 1024L, 1280L, 1536L, 1792L);
    }
}
