package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.FilAddress;
import io.caravan.support.Await;
import io.caravan.support.CaravanHome;
import io.caravan.support.CaravanProcess;
import io.caravan.support.ChainFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the miner's process in the middle of a sector that is sealed for real, in the default engine: what was computed is
 * still there, and only what is missing is made.
 */
@Tag("busy")
class SealKillIT {

    private static final Duration LIMIT = Duration.ofMinutes(5);
    private static final Map<String, String> QUICK = Map.of("devnet.interval", "100ms", "miner.publish.period", "0s",
            "sealing.wait-deals.delay", "0s", "daemon.track.delay", "500ms", "miner.track.delay", "500ms");

    @TempDir
    static Path folder;

    /** What a file is as long as nobody writes it again. */
    private record Print(Object file, Object written) {
        static Print of(Path path) {
            try {
                BasicFileAttributes seen = Files.readAttributes(path, BasicFileAttributes.class);
                return new Print(String.valueOf(seen.fileKey()), seen.lastModifiedTime());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A sector of 2 KiB is made in a moment, so something stands in the way of its second layer, and then of its tree. */
    @Test
    void aKillBetweenTwoLayersAndOneBetweenTheTreesCostNothingThatWasDone() throws IOException {
        try (CaravanHome home = home("small", "2KiB")) {
            Path cache = cache(home);
            Path layer2 = Files.createDirectories(cache.resolve("sc-02-data-layer-2.dat.part"));
            Path tree = Files.createDirectories(cache.resolve("sc-02-data-tree-r-last.dat.part"));
            String deal = home.deal(home.imported(home.file(1_000)));
            awaitError(home, "layer-2");
            Print layer1 = Print.of(cache.resolve("sc-02-data-layer-1.dat"));

            home.kill("miner");
            Files.delete(layer2);
            home.start("miner");
            awaitError(home, "tree-r-last");
            assertThat(Print.of(cache.resolve("sc-02-data-layer-1.dat"))).as("the first layer").isEqualTo(layer1);
            Print second = Print.of(cache.resolve("sc-02-data-layer-2.dat"));

            home.kill("miner");
            assertThat(Print.of(cache.resolve("sc-02-data-layer-2.dat"))).isEqualTo(second);
            Files.delete(tree);
            home.start("miner");
            provenOnce(home, deal);
        }
    }

    /** The same without anything in the way: the kill comes while the second layer, and then while a tree is being made. */
    @Test
    @Tag("matrix")
    void aSectorOf8MiBOutlivesKillsWhileItIsComputed() throws IOException {
        try (CaravanHome home = home("large", "8MiB")) {
            Path cache = cache(home);
            String deal = home.deal(home.imported(home.file(3_000_000)));
            killWhile(home, cache.resolve("sc-02-data-layer-2.dat.part"));
            Print layer1 = Print.of(cache.resolve("sc-02-data-layer-1.dat"));
            home.start("miner");
            killWhile(home, cache.resolve("sc-02-data-tree-c.dat.part"));
            assertThat(Print.of(cache.resolve("sc-02-data-layer-1.dat"))).as("the first layer").isEqualTo(layer1);
            home.start("miner");
            provenOnce(home, deal);
        }
    }

    private static CaravanHome home(String name, String sectorSize) {
        Map<String, String> settings = new HashMap<>(QUICK);
        settings.put("miner.sector-size", sectorSize);
        CaravanHome home = new CaravanHome(folder.resolve(name + "/home"), settings);
        home.start("devnet");
        List.of(home.launch("miner"), home.launch("daemon")).forEach(CaravanProcess::awaitReady);
        return home;
    }

    /** The folder of the first sector's layers and trees. */
    private static Path cache(CaravanHome home) {
        FilAddress miner = FilAddress.parse(home.call("miner", "ActorAddress").asText());
        return home.home().of("miner").resolve("sectors/cache/s-t0" + miner.actorId() + "-0");
    }

    private static void killWhile(CaravanHome home, Path file) {
        Await.sharply(() -> file + "\n" + home.output(), LIMIT, () -> Files.exists(file));
        home.kill("miner");
        assertThat(file).as("killed in the middle").exists();
    }

    private static void awaitError(CaravanHome home, String what) {
        Await.until(() -> "stuck at " + what + ": " + sectors(home) + home.output(), LIMIT,
                () -> sectors(home).path(0).path("lastError").asText("").contains(what));
    }

    private static JsonNode sectors(CaravanHome home) {
        return home.call("miner", "Caravan.Sectors", null, null).path("sectors");
    }

    private static void provenOnce(CaravanHome home, String deal) throws IOException {
        for (String role : List.of("miner", "daemon")) {
            Await.until(() -> "active at the " + role + home.story(role, deal) + home.output(), LIMIT,
                    () -> home.state(role, deal).equals("StorageDealActive"));
        }
        Await.until(() -> "Proving: " + sectors(home), LIMIT, () -> sectors(home).path(0).path("state").asText().equals("Proving"));
        FilAddress miner = FilAddress.parse(home.call("miner", "ActorAddress").asText());
        ChainFacts facts = ChainFacts.since(home, 0);
        assertThat(facts.preCommitsOf(miner, 0)).isEqualTo(1);
        assertThat(facts.provesOf(miner, 0)).isEqualTo(1);
        assertThat(sectors(home).path(0).path("redos").asLong()).as("sealed again from the start").isZero();
        try (Stream<Path> left = Files.list(cache(home))) {
            assertThat(left.map(file -> file.getFileName().toString())).contains("p_aux", "sc-02-data-tree-r-last.dat")
                    .noneMatch(name -> name.contains("layer") || name.endsWith(".part"));
        }
    }
}
