package io.caravan.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.chain.Methods;
import io.caravan.model.DealState;
import io.caravan.node.cli.Cli;
import io.caravan.node.cli.Terminal;
import io.caravan.support.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Real bytes into real sectors of 2 KiB, and what becomes of them there: damaged files, and the very bytes back out. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UnsealIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);

    static World world;
    /** Two deals with their CARs: one asked for fast retrieval and has an unsealed copy, one has its replica alone. */
    private static String fast;
    private static String slow;
    private static byte[] fastCar;
    private static byte[] slowCar;

    private record Said(int code, String out, String err) {

        JsonNode json() throws IOException {
            return new ObjectMapper().readTree(out);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        world = World.with().sealed().noCollateral().start();
        fast = world.start(Offer.of(world.imported(world.file(1_300))).fast());
        world.await(world.miner(), fast, DealState.SEALING);
        fastCar = staged(fast);
        awaitSector(fast, "state = 'Proving'");
        world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match", Map.of("to", world.minerAddress().toString(),
                "method", Methods.MINER_PROVE_COMMIT_SECTORS3)));
        slow = world.start(Offer.of(world.imported(world.file(1_100))));
        world.await(world.miner(), slow, DealState.SEALING);
        slowCar = staged(slow);
        awaitSector(slow, "state = 'CommitPhase2' AND sub_state = 'landing'");
    }

    private static void awaitSector(String deal, String where) {
        Await.until(() -> where + "\n" + world.logTail(), LIMIT,
                () -> world.miner().count("sector WHERE " + where + " AND number = " + sector(deal)) == 1);
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static byte[] staged(String deal) throws IOException {
        return Files.readAllBytes(Path.of(world.miner().value("SELECT file FROM sector_piece WHERE proposal_cid = '" + deal + "'")));
    }

    private static long sector(String deal) {
        return Long.parseLong(world.miner().value("SELECT sector_number FROM sector_piece WHERE proposal_cid = '" + deal + "'"));
    }

    private static Said unseal(Object... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of("sectors", "unseal"));
        Arrays.stream(words).map(String::valueOf).forEach(line::add);
        line.addAll(List.of("--home", world.miner().home().root().toString()));
        int code = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false), line.toArray(String[]::new));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void refused(String reason, Object... words) {
        Said said = unseal(words);
        assertThat(said.err()).contains(reason);
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
    }

    private static Path target(String name) {
        return world.root().resolve(name);
    }

    private static Path file(String kind, long sector) {
        return world.miner().files("sectors/" + kind).stream().filter(file -> file.toString().contains("-" + sector))
                .findFirst().orElseThrow();
    }

    @Test
    @Order(1)
    void nothingIsGivenOutOfASectorThatIsNotProvenYet() {
        refused("US3 not-sealed: sector " + sector(slow) + " is in CommitPhase2", sector(slow), "--out", target("early"));
        assertThat(target("early")).doesNotExist();
    }

    /** Between the proof and its landing a disk damages the replica: Finalize makes it again, from the staged piece. */
    @Test
    @Order(2)
    void aReplicaDamagedBehindItsProofIsMadeAgainAndTheDealIsActive() throws IOException {
        long number = sector(slow);
        byte[] honest = Files.readAllBytes(file("sealed", number));
        byte[] wrong = honest.clone();
        wrong[1234] ^= 8;
        Files.write(file("sealed", number), wrong);
        world.chain().call("Devnet.ClearFaults");
        world.awaitActive(fast, slow);
        awaitSector(slow, "state = 'Proving'");
        assertThat(Files.readAllBytes(file("sealed", number))).isEqualTo(honest);
        assertThat(world.miner().call("SectorsStatus", number, false).path("Log").toString()).contains("FinalizeFailed")
                .contains("/sealed/").contains("is damaged");
        world.checkG(fast, slow);
    }

    @Test
    @Order(3)
    void theVeryBytesComeBackFromTheCopyAndOutOfTheReplica() throws IOException {
        Said copy = unseal("--deal", fast, "--out", target("fast.car"), "--json");
        assertThat(copy.err()).isEmpty();
        assertThat(copy.code()).isZero();
        assertThat(copy.json().path("From").asText()).isEqualTo("unsealed copy");
        assertThat(Files.readAllBytes(target("fast.car"))).isEqualTo(fastCar);

        Said made = unseal(sector(slow), "--out", target("slow.car"));
        assertThat(made.code()).isZero();
        assertThat(made.out()).contains("the whole piece against its CommP", "read from the replica");
        assertThat(Files.readAllBytes(target("slow.car"))).isEqualTo(slowCar);

        String piece = world.miner().value("SELECT piece_cid FROM sector_piece WHERE proposal_cid = '" + slow + "'");
        unseal(sector(slow), "--piece", piece, "--offset", 130, "--length", 257, "--out", target("range"));
        assertThat(Files.readAllBytes(target("range"))).isEqualTo(Arrays.copyOfRange(slowCar, 130, 387));
        assertThat(world.miner().call("Caravan.SectorsUnsealing")).isEmpty();
        assertThat(world.miner().files("sectors/cache").stream().filter(one -> one.toString().contains("unseal"))).isEmpty();
    }

    @Test
    @Order(4)
    void saysWhatIsWrongWithARequest() throws IOException {
        long number = sector(slow);
        Path there = Files.writeString(target("there"), "mine");
        Path free = target("free");
        refused("US1 no-such-sector: there is no sector 4711", 4711, "--out", free);
        refused("US2 no-such-piece: no sector has a piece of deal", "--deal", world.imported(world.file(100)), "--out", free);
        refused("US2 no-such-piece: sector " + number + " has 1 pieces, none is", number, "--piece",
                world.miner().value("SELECT piece_cid FROM sector_piece WHERE proposal_cid = '" + fast + "'"), "--out", free);
        refused("US4 bad-range: no 1 bytes from 2032 in a piece of", number, "--offset", 2032, "--length", 1, "--out", free);
        refused("US4 bad-range: no 9223372036854775807 bytes from 1", number, "--offset", 1, "--length", Long.MAX_VALUE, "--out", free);
        refused("US4 bad-range", number, "--offset", -1, "--out", free);
        refused("US4 bad-range", number, "--length", 0, "--out", free);
        refused("US5 file-exists: " + there, number, "--out", there);
        refused("US6 bad-place", number, "--out", target("no-folder").resolve("x"));
        refused("name a sector by its number, or a deal", "--out", free);
        Files.writeString(target("free.part"), "mine too");
        refused("US5 file-exists: " + target("free.part"), number, "--out", free);
        assertThat(target("free.part")).hasContent("mine too");
        assertThat(there).hasContent("mine");
        assertThat(free).doesNotExist();
        Files.delete(target("free.part"));
    }

    @Test
    @Order(5)
    void aDamagedCopyIsPassedOverAndADamagedReplicaGivesNothing() throws IOException {
        Path copy = file("unsealed", sector(fast));
        byte[] bytes = Files.readAllBytes(copy);
        bytes[300] ^= 1;
        Files.write(copy, bytes);
        assertThat(unseal("--deal", fast, "--out", target("again.car"), "--json").json().path("From").asText()).isEqualTo("replica");
        assertThat(Files.readAllBytes(target("again.car"))).isEqualTo(fastCar);

        Path replica = file("sealed", sector(slow));
        byte[] sealed = Files.readAllBytes(replica);
        sealed[300] ^= 1;
        Files.write(replica, sealed);
        refused("US7 damaged: the piece at 0 of sector " + sector(slow) + " has the commitment", "--deal", slow, "--out", target("bad.car"));
        assertThat(target("bad.car")).doesNotExist();
        assertThat(target("bad.car.part")).doesNotExist();
        sealed[300] ^= 1;
        Files.write(replica, sealed);
    }
}
