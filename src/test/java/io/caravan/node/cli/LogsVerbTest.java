package io.caravan.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Cid;
import io.caravan.node.cli.StandInRole.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./caravan logs} shows a person: each thing once, in the order of time, in the words of the other verbs. */
class LogsVerbTest {

    private static final String DEAL = Cid.dagCborSha256(new byte[] {1}).toString();
    private static final String OTHER = Cid.dagCborSha256(new byte[] {2}).toString();
    private static final String EVENTS = """
            {"sector":7,"messages":[{"cid":"bafypublish"}],"events":[
              {"at":"2026-01-01T12:00:00.500123Z","event":"Open","from":"StorageDealUnknown","to":"StorageDealValidating","note":null},
              {"at":"2026-01-01T12:00:03.100Z","event":"FundsReleased","from":"StorageDealPublishing","to":"StorageDealPublishing","note":null},
              {"at":"2026-01-01T12:00:04Z","event":"DealRejected","from":"StorageDealValidating","to":"StorageDealRejecting","note":"V14 price-below-ask: 118 < 119"}]}""";

    @TempDir Path home;

    @BeforeEach
    void write() throws IOException {
        Files.createDirectories(home.resolve("log"));
        Files.write(home.resolve("log/miner.log"), List.of(
                "2026-01-01T12:00:00.510Z INFO  i.c.c.DealComponent role=provider deal=" + DEAL + " provider deal " + DEAL + " Unknown → Validating (Open)",
                "2026-01-01T12:00:01.000Z WARN  i.c.d.Thing role=provider deal=" + DEAL + " route=StorageDealValidating the disk is slow for " + DEAL,
                "  at some.Place",
                "2026-01-01T12:00:02.000Z INFO  i.c.c.SectorComponent role=provider sector=7 route=WaitSeed sector 7 WaitSeed → CommitPhase1 (SeedReady)",
                "2026-01-01T12:00:02.500Z INFO  i.c.c.MessageLane pushed bafypublish",
                "2026-01-01T12:00:02.600Z INFO  i.c.c.DealComponent role=provider deal=" + OTHER + " provider deal " + OTHER + " Unknown → Validating (Open)"));
    }

    @Test
    void aPersonReadsEachMoveOnceFromWhereToWhereAndWhoseItIs() {
        try (StandInRole miner = new StandInRole(home, "miner")) {
            miner.answers("Caravan.Deal", 1, EVENTS);
            Said said = StandInRole.say(home, "logs", DEAL);
            assertThat(said.code()).as(said.err()).isZero();
            assertThat(said.out().lines()).containsExactly(
                    "2026-01-01T12:00:00.500Z EVENT miner  Unknown → Validating (Open)",
                    "2026-01-01T12:00:01.000Z WARN  miner  Validating: the disk is slow for this deal",
                    "  at some.Place",
                    "2026-01-01T12:00:02.000Z INFO  miner  sector 7 WaitSeed → CommitPhase1 (SeedReady)",
                    "2026-01-01T12:00:02.500Z INFO         pushed bafypublish",
                    "2026-01-01T12:00:03.100Z EVENT miner  Publishing (FundsReleased)",
                    "2026-01-01T12:00:04.000Z EVENT miner  Validating → Rejecting (DealRejected): V14 price-below-ask: 118 < 119");
        }
    }

    @Test
    void aProgramReadsAllOfIt() throws IOException {
        try (StandInRole miner = new StandInRole(home, "miner")) {
            miner.answers("Caravan.Deal", 1, EVENTS);
            List<String> lines = StandInRole.say(home, "logs", DEAL, "--json").out().lines().toList();
            assertThat(lines).hasSize(7);
            assertThat(new ObjectMapper().readTree(lines.get(0)).path("from").asText()).isEqualTo("StorageDealUnknown");
            assertThat(new ObjectMapper().readTree(lines.get(1)).path("message").asText()).isEqualTo("provider deal " + DEAL + " Unknown → Validating (Open)");
        }
    }

    @Test
    void withoutARoleThatRunsTheFilesTellTheMoves() {
        assertThat(StandInRole.say(home, "logs", DEAL).out().lines()).containsExactly(
                "2026-01-01T12:00:00.510Z INFO  miner  deal Unknown → Validating (Open)",
                "2026-01-01T12:00:01.000Z WARN  miner  Validating: the disk is slow for this deal",
                "  at some.Place");
    }
}
