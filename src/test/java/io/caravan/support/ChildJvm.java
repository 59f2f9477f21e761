package io.caravan.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a class's main method in a JVM of its own, with a heap to choose. */
public final class ChildJvm {

    private static final long MINUTES = 10;

    private ChildJvm() {}

    /**
     * Everything the child printed, once it has ended.
     *
     * @param heap such as {@code -Xmx64m}
     * @param log where its output goes
     * @throws AssertionError if it does not end in ten minutes; it is killed then
     */
    public static String run(Class<?> main, String heap, Path log, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), heap,
                "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            if (!child.waitFor(MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError(main.getSimpleName() + " runs for more than " + MINUTES + " minutes");
            }
        } finally {
            child.destroyForcibly();
        }
        return Files.readString(log);
    }
}
