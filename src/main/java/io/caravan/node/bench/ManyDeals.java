package io.caravan.node.bench;

import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.node.NodeHome;
import io.caravan.store.Backoff;
import io.caravan.store.Database;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresServer;
import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Fills the miner's table while the miner is down: the rows of a node that has worked for years. */
final class ManyDeals implements AutoCloseable {

    private static final int BATCH = 50_000;

    private final PostgresServer server;
    private final Database database;
    private final Deal original;
    private long next;

    /**
     * @param original a deal that is stored once, ended, and then copied
     * @param first the number of the first copy; no number may come twice in one table
     */
    ManyDeals(NodeHome home, Deal original, long first, Clock clock) {
        next = first;
        server = PostgresServer.start(home.root().resolve("pg"), 0);
        database = Database.bare(server.database("caravan_miner"), "bench");
        this.original = new PostgresDealStore(database.sql(), clock, "bench", Deadlines.usual(), Backoff.usual(new Random(1)))
                .insert(original).deal();
    }

    /** Adds that many to the few that are there, their states taken in turn from the list: the indexes are made afterwards. */
    void fill(long count, List<DealState> states, Instant newest) {
        database.sql().write("bench/unindex", Map.of());
        add(count, states, newest);
        database.sql().write("bench/reindex", Map.of());
        database.sql().write("bench/analyze", Map.of());
    }

    /** Adds that many, their states taken in turn from the list. */
    void add(long count, List<DealState> states, Instant newest) {
        Integer[] codes = states.stream().map(DealState::code).toArray(Integer[]::new);
        for (long left = count; left > 0; left -= BATCH) {
            long now = Math.min(left, BATCH);
            database.sql().write("bench/multiply", Map.of("template", original.proposalCid().toString(), "role",
                    original.role().text(), "first", next, "count", now, "states", codes, "newest", newest));
            next += now;
        }
        database.sql().write("bench/checkpoint", Map.of());
    }

    /** Adds what such deals leave in the other tables. */
    void surround() {
        database.sql().write("bench/surround", Map.of());
        database.sql().write("bench/vacuum-all", Map.of());
        database.sql().write("bench/checkpoint", Map.of());
    }

    /** How many of the live deals have not been looked at since then; active ones are, all together, by one look at the chain. */
    long unseen(Instant newest, Instant since) {
        Integer[] ends = Arrays.stream(DealState.values()).filter(DealState::isFinal).map(DealState::code).toArray(Integer[]::new);
        return database.sql().one("bench/unseen", Map.of("role", Role.PROVIDER.text(), "ends", ends, "newest", newest, "since", since),
                (row, number) -> row.getLong("unseen")).orElseThrow();
    }

    @Override
    public void close() {
        database.close();
        server.close();
    }
}
