package io.caravan.node.sim;

import io.caravan.store.Database;
import io.caravan.store.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL that is thrown away with all that simulations wrote, and the folder of their files. */
public final class SimServer implements AutoCloseable {

    private final Path folder;
    private final PostgresServer server;
    private final Thread onExit = new Thread(this::end, "simulation-end"); // Ctrl-C leaves nothing behind either
    private int given;

    /** Starts it in a new folder of the machine's temporary files. */
    public SimServer() {
        try {
            folder = Files.createTempDirectory("caravan-simulation");
            server = PostgresServer.startWithoutDurability(folder.resolve("pg"));
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the simulation", e);
        }
        Runtime.getRuntime().addShutdownHook(onExit);
        Database.open(server.database("blank"), "blank").close();
    }

    /** Where one simulation keeps its files. */
    Path home() {
        given++;
        return folder.resolve("home-" + given);
    }

    /** Settings of three fresh databases. */
    Map<String, String> databases() {
        String name = "sim" + given;
        server.copy("blank", name + "_daemon");
        server.copy("blank", name + "_miner");
        String url = server.database(name + "_devnet").url();
        var address = server.database(name + "_devnet");
        return Map.of("caravan.db.url", url.substring(0, url.length() - "_devnet".length()), "caravan.db.user", address.user(),
                "caravan.db.password", address.password());
    }

    /** The folder with everything in it is gone afterwards. */
    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        end();
    }

    private void end() {
        server.close();
        try {
            delete(folder);
        } catch (UncheckedIOException e) {
            delete(folder); // the server was still writing its last files
        }
    }

    /** Removes a folder with all that is in it, as far as that goes. */
    static void delete(Path root) {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> files = Files.walk(root)) {
            List<Path> all = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the simulation's files stay in " + root, e);
        }
    }
}
