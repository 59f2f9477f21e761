package io.caravan.store;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.WaitsOn;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What monitors and pages ask again and again reads the few rows that it is about, not those of the thousands of deals that have ended:
 * PostgreSQL itself counts the rows that each question reads.
 */
@Tag("db")
class RowsReadTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final int ENDED = 4000;
    private static final int LIVE = 50;
    /** A page of 20 from each of a few indexes, and all that lives, some times over. */
    private static final long FEW = 400;
    private static final Integer[] ENDS = {DealState.EXPIRED.code(), DealState.ERROR.code(), DealState.SLASHED.code()};
    private static final Integer[] LIVES = {DealState.SEALING.code(), DealState.ACTIVE.code(), DealState.TRANSFERRING.code(),
            DealState.PUBLISH.code(), DealState.STAGED.code()};

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    static final SettableClock CLOCK = SettableClock.at(NOW);
    static Sql sql;
    static Deal some;
    static PostgresDealStore deals;

    @BeforeAll
    static void fill() {
        sql = POSTGRES.database().sql();
        deals = POSTGRES.deals(CLOCK, "node");
        some = deals.insert(aDeal("a").in(DealState.ERROR).at(NOW).build()).deal();
        add(1, ENDED, ENDS);
        add(ENDED + 1, LIVE, LIVES);
        sql.write("bench/surround", Map.of());
        sql.write("test/analyze", Map.of());
    }

    private static void add(int first, int count, Integer[] states) {
        sql.write("bench/multiply", Map.of("template", some.proposalCid().toString(), "role", some.role().text(), "first", (long) first,
                "count", (long) count, "states", states, "newest", NOW));
    }

    /** A question, and how many rows of one table it may read. */
    record Question(String name, Runnable ask, long most) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Question few(String name, Runnable ask) {
        return new Question(name, ask, FEW);
    }

    private static Question page(String name, DealQuery query) {
        return few(name, () -> deals.list(Role.PROVIDER, query, null, 20));
    }

    static Stream<Question> questions() {
        Backlog backlog = new Backlog(sql, CLOCK);
        WaitingDeals waiting = new WaitingDeals(sql, CLOCK);
        DealSearch search = new DealSearch(sql, Role.PROVIDER);
        PostgresMessageStore messages = new PostgresMessageStore(sql, CLOCK);
        PostgresFundStore funds = new PostgresFundStore(sql, messages, CLOCK);
        FilAddress party = FilAddress.ofId(1_000_321);
        Cid piece = deals.list(Role.PROVIDER, Set.of(), null, 20).get(7).proposal().proposal().pieceCid();
        DealCounts counts = new DealCounts(sql, Role.PROVIDER, CLOCK);
        counts.count();
        return Stream.of(
                few("deals by state that are on their way", counts::count),
                few("troubled deals", () -> backlog.troubledDeals(Role.PROVIDER)),
                few("parked deals", () -> backlog.parkedDeals(Role.PROVIDER)),
                few("the publish queue", backlog::unpublished),
                few("messages that have not landed", backlog::messages),
                few("transfers that run", backlog::transfers),
                few("parked sectors", backlog::parkedSectors),
                few("receivers of moves", () -> new MoveFeeds(sql, CLOCK, "node").lags()),
                few("stuck deals", () -> waiting.stuck(Role.PROVIDER, 20)),
                few("deals that wait for money", () -> waiting.on(Role.PROVIDER, WaitsOn.MONEY, 20)),
                few("a search by how many CIDs begin", () -> search.byPrefix("baf", 20)),
                few("a search by a piece", () -> search.byPrefix(piece.toString(), 20)),
                few("a search by a number", () -> search.byNumber(4321)),
                page("the newest deals", DealQuery.ofStates(Set.of())),
                page("deals of one state", DealQuery.ofStates(Set.of(DealState.ERROR))),
                page("deals of a state that none is in", DealQuery.ofStates(Set.of(DealState.PUBLISHING))),
                page("deals of three states", DealQuery.ofStates(Set.of(DealState.ERROR, DealState.SLASHED, DealState.ACTIVE))),
                page("deals with one client", new DealQuery(Set.of(), party, null)),
                page("deals of one piece", new DealQuery(Set.of(), null, piece)),
                few("one deal's history", () -> deals.events(some.proposalCid(), Role.PROVIDER)),
                few("what the miner said of one deal", () -> search.remoteWords(some.proposalCid())),
                few("open holds", () -> funds.holds(FilAddress.ofId(1000))),
                few("addresses that something moves for", funds::busy),
                few("what funds a message brings", () -> funds.broughtBy("add-balance/f01000/1")),
                few("holds that their deals left behind", funds::leftBehind),
                few("a message by its CID", () -> messages.findByCid(piece)),
                few("the day's top-ups", () -> funds.toppedUp(NOW.minus(Duration.ofDays(1)))),
                few("settlements that wait", () -> new Settlements(sql, messages, CLOCK).waiting()),
                few("the newest transfers", () -> new TransferStore(sql).list(Role.PROVIDER, 20)),
                few("removals", () -> new FileAudit(sql, CLOCK).newest(20)),
                few("the newest moves", () -> new Outbox(sql).after(new Outbox(sql).newest() - 20, 20)),
                few("sectors finished of late", () -> new SealingHistory(sql).finished(NOW.minus(Duration.ofHours(1)), Duration.ofMinutes(5))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("questions")
    void readsTheFewRowsThatItIsAbout(Question question) {
        Map<String, Long> read = read(question.ask());
        assertThat(read.values()).as("%s reads %s", question, read).allMatch(many -> many <= question.most());
    }

    @Test
    void aQuestionThatReadsAllIsFoundOut() {
        assertThat(read(() -> sql.list("deal/count", Map.of("role", Role.PROVIDER.text()), (row, number) -> row.getInt("state")))
                .get("deal")).as("of %d ended deals", ENDED).isGreaterThan(ENDED);
    }

    private static Map<String, Long> read(Runnable ask) {
        return sql.inTransaction(() -> {
            sql.list("test/count-all-reads", Map.of(), (row, number) -> "");
            Map<String, Long> before = counted(); // what earlier transactions read may not have been carried off yet
            ask.run();
            Map<String, Long> read = counted();
            before.forEach((table, many) -> read.merge(table, -many, Long::sum));
            return read;
        });
    }

    private static Map<String, Long> counted() {
        Map<String, Long> counted = new TreeMap<>();
        sql.list("test/read-rows", Map.of(), (row, number) -> counted.put(row.getString("relname"), row.getLong("many")));
        return counted;
    }
}
