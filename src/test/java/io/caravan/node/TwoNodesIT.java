package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.model.FilAddress;
import io.caravan.rpc.ApiInfo;
import io.caravan.store.DatabaseAddress;
import io.caravan.support.Await;
import io.caravan.support.CaravanHome;
import io.caravan.support.ChainFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two miner nodes, each a process with a home folder of its own, share one PostgreSQL and one folder of sectors. Each of
 * them is killed by kill -9 in the middle of a step; what they seal together is sealed once.
 */
@Tag("busy")
class TwoNodesIT {

    private static final Duration LEASE = Duration.ofSeconds(8);
    /** For the look that finds the sector and for the step itself, on a machine that has other things to do. */
    private static final Duration BESIDES = Duration.ofSeconds(20);
    private static final Duration LIMIT = Duration.ofSeconds(240);
    /** What a sector goes through once, whoever does it. */
    private static final List<String> STEPS = List.of("Open", "PieceAdded", "Packed", "TicketTaken", "PreCommit1Done",
            "PreCommit2Done", "PreCommitLanded", "SeedReady", "Commit1Done", "Commit2Done", "ProveLanded", "Finalized");
    /** Where a node was killed between sending and noting it, the other finds the message on chain and notes that. */
    private static final List<String> NOTES = List.of("PreCommitSent", "ProveSent");

    @TempDir
    private Path folder;
    private CaravanHome first;
    private CaravanHome second;
    private Connection rows;
    private FilAddress miner;
    private int sectors;

    /** A killed node and the sector on which it was at work. */
    private record Kill(long sector, String node) {}

    @Test
    void twoNodesSealSectorsAndOutliveAKillOfEither() throws Exception {
        sealAndKill(8);
    }

    @Test
    @Tag("matrix")
    void twoNodesSealTwentySectorsAndOutliveAKillOfEither() throws Exception {
        sealAndKill(20);
    }

    private void sealAndKill(int many) throws Exception {
        sectors = many;
        Path shared = Files.createDirectories(folder.resolve("sectors"));
        try (CaravanHome one = new CaravanHome(folder.resolve("first/home"), quick(shared))) {
            first = one;
            one.start("devnet", "miner", "daemon");
            try (CaravanHome two = new CaravanHome(folder.resolve("second/home"), besides(shared))) {
                second = two;
                copy(one.home().of("miner").resolve("keystore"), two.home().folder("miner", "keystore"));
                two.start("miner");
                DatabaseAddress address = one.database("miner");
                try (Connection database = DriverManager.getConnection(address.url(), address.user(), address.password())) {
                    rows = database;
                    sealedTogether();
                }
            }
        }
    }

    private void sealedTogether() throws Exception {
        String a = Files.readString(first.home().of("miner").resolve("node"));
        String b = Files.readString(second.home().of("miner").resolve("node"));
        assertThat(a).isNotEqualTo(b);
        miner = FilAddress.parse(first.call("miner", "ActorAddress").asText());
        List<String> deals = new ArrayList<>(offered(sectors * 3 / 4));
        Kill early = killed(second, b, "'PreCommitPhase1', 'PreCommitPhase2'");
        goesOn(early);
        second.start("miner"); // the first goes on meanwhile, and may well finish all there is
        deals.addAll(offered(sectors - deals.size()));
        await("all pieces in sectors", () -> count("sector_piece WHERE sector_number IS NOT NULL") == sectors);
        Kill late = killed(first, a, "'WaitSeed', 'CommitPhase1', 'CommitPhase2', 'Finalize'");
        goesOn(late);
        await("all sectors proven by the node that is left", () -> count("sector WHERE state = 'Proving'") == sectors);
        first.start("miner");
        Await.until(() -> "all deals active\n" + first.output(), LIMIT, () -> deals.stream().allMatch(deal -> first.state("miner", deal).equals("StorageDealActive")));
        everythingHappenedOnce(a, b);
    }

    private List<String> offered(int many) throws Exception {
        List<String> deals = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            deals.add(first.deal(first.imported(first.file(1_000))));
        }
        return deals;
    }

    private void everythingHappenedOnce(String a, String b) throws SQLException {
        assertThat(count("sector")).as("sectors").isEqualTo(sectors);
        assertThat(count("sector WHERE redos > 0")).as("sealed again").isZero();
        for (String step : STEPS) {
            assertThat(count("sector_event WHERE event = '" + step + "'")).as(step).isEqualTo(sectors);
            assertThat(count("(SELECT number FROM sector_event WHERE event = '" + step + "' GROUP BY number) one")).as(step).isEqualTo(sectors);
        }
        for (String note : NOTES) {
            assertThat(count("(SELECT number FROM sector_event WHERE event = '" + note + "' GROUP BY number HAVING count(*) > 1) twice")).as(note).isZero();
        }
        assertThat(count("sector_event WHERE event NOT IN ('" + String.join("', '", NOTES) + "')")).as("nothing but these steps")
                .isEqualTo((long) sectors * STEPS.size());
        for (String node : List.of(a, b)) {
            assertThat(count("(SELECT number FROM sector_event WHERE node = '" + node + "' AND event IN ('PreCommit1Done', 'Commit1Done') GROUP BY number) one"))
                    .as("sectors computed by " + node).isPositive();
        }
        ChainFacts chain = ChainFacts.since(first, 0);
        for (long sector : numbers()) {
            assertThat(chain.preCommitsOf(miner, sector)).as("pre-commits of sector " + sector).isEqualTo(1);
            assertThat(chain.provesOf(miner, sector)).as("prove-commits of sector " + sector).isEqualTo(1);
        }
        await("every message noted as landed", () -> count("chain_message WHERE intent_key LIKE 'sector/%commit/%' AND status <> 'LANDED'") == 0);
        assertThat(count("chain_message WHERE intent_key LIKE 'sector/%commit/%'")).as("messages beside window proofs").isEqualTo(2L * sectors);
    }

    /**
     * Ends a node in the middle of a step: its sector's row is locked, so that the step cannot end before the node does.
     * Something is left to compute then for the other.
     */
    private Kill killed(CaravanHome victim, String node, String states) throws SQLException {
        rows.setAutoCommit(false);
        long[] sector = new long[1];
        await("a step of " + node, () -> {
            String held = "FROM sector WHERE lease_owner = '" + node + "' AND state IN (" + states + ") AND sub_state <> 'staging'"
                    + " AND EXISTS (SELECT 1 FROM sector WHERE state IN ('PreCommitPhase1', 'PreCommitPhase2', 'WaitSeed', 'CommitPhase1'))";
            List<Long> found = longs("SELECT number " + held + " LIMIT 1 FOR UPDATE SKIP LOCKED");
            if (found.isEmpty()) {
                rows.rollback();
                return false;
            }
            sector[0] = found.get(0);
            return true;
        });
        victim.kill("miner");
        rows.rollback();
        rows.setAutoCommit(true);
        return new Kill(sector[0], node);
    }

    /** The other node takes the sector up when the lease is over, and no later. */
    private void goesOn(Kill kill) {
        long from = System.nanoTime();
        Await.until(() -> "sector " + kill.sector() + " to go on without " + kill.node() + "\n" + first.output() + second.output(),
                LEASE.plus(BESIDES), () -> longs("SELECT number FROM sector WHERE number = " + kill.sector()
                        + " AND lease_owner = '" + kill.node() + "'").isEmpty());
        System.out.printf("sector %d was taken up %.1f s after the kill%n", kill.sector(), (System.nanoTime() - from) / 1e9);
        assertThat(Duration.ofNanos(System.nanoTime() - from)).isLessThan(LEASE.plus(BESIDES));
    }

    private static Map<String, String> quick(Path shared) {
        Map<String, String> settings = new HashMap<>(Map.of("devnet.interval", "200ms", "miner.sector-size", "2KiB", "devnet.proofs", "vanilla",
                "sealing.engine", "java", "miner.publish.period", "0s", "sealing.wait-deals.delay", "0s", "sealing.max-pieces", "1"));
        settings.put("devnet.proving-period", "28800"); // deadlines of two minutes: none passes while a lease runs out
        settings.putAll(Map.of("sealing.folder", shared.toString(), "sealing.lease", LEASE.toMillis() + "ms", "sealing.heartbeat", "1s", "caravan.look.every", "200ms",
                "miner.confidence.state", "2", "miner.confidence.publish", "2", "miner.confidence.funds", "2",
                "daemon.confidence.publish", "2", "daemon.confidence.funds", "2"));
        return settings;
    }

    /** The second node: the first one's chain, database and sectors, nothing of deals. */
    private Map<String, String> besides(Path shared) {
        Map<String, String> settings = quick(shared);
        ApiInfo chain = ApiInfo.read(first.home().of("devnet"), 1);
        DatabaseAddress address = first.database("miner");
        settings.putAll(Map.of("miner.deals", "false", "chain.url", chain.endpoint().toString(), "chain.token", String.valueOf(chain.token()),
                "caravan.db.url", address.url().replaceFirst("_miner", ""), "caravan.db.user", address.user(),
                "caravan.db.password", address.password()));
        settings.putAll(Map.of("sealing.landing.delay", "300ms", "sealing.seed.delay", "300ms", "sealing.proving.delay", "5s",
                "sealing.precommit.wait", "0s", "sealing.commit.wait", "0s"));
        return settings;
    }

    /** Something about the rows that may become true. */
    private interface Question {
        boolean isSo() throws SQLException;
    }

    private void await(String what, Question question) {
        Await.sharply(() -> what + "\n" + first.output() + second.output(), LIMIT, () -> {
            try {
                return question.isSo();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private List<Long> numbers() {
        return longs("SELECT number FROM sector ORDER BY number");
    }

    private long count(String of) {
        return longs("SELECT count(*) FROM " + of).get(0);
    }

    private List<Long> longs(String query) {
        try (Statement statement = rows.createStatement(); ResultSet result = statement.executeQuery(query)) {
            List<Long> all = new ArrayList<>();
            while (result.next()) {
                all.add(result.getLong(1));
            }
            return all;
        } catch (SQLException e) {
            throw new IllegalStateException(query, e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
    }
}
