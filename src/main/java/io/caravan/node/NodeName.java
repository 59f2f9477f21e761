package io.caravan.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.random.RandomGenerator;

/**
 * The name under which one node of a role holds leases and runs jobs: the same after a restart and no other node's, on
 * whatever machine it runs. It is made by the first start and kept in the role's folder.
 */
final class NodeName {

    private static final String FILE = "node";
    private static final int LONGEST = 100;

    private NodeName() {}

    /**
     * The name kept in the folder, made now if there is none.
     *
     * @throws StartException when the file holds no name
     */
    static String of(Path folder, RandomGenerator random) {
        Path file = folder.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                String host = System.getenv().getOrDefault("HOSTNAME", "node").replaceAll("[^A-Za-z0-9.-]", "-");
                Path fresh = Files.writeString(folder.resolve(FILE + ".part"), "%.60s-%016x".formatted(host, random.nextLong()));
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            }
            String name = Files.readString(file).strip();
            if (name.isEmpty() || name.length() > LONGEST) {
                throw new StartException("the file %s holds no node's name: delete it, a new one is made".formatted(file));
            }
            return name;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep this node's name in " + file, e);
        }
    }
}
