package io.caravan.support;

import io.caravan.node.NodeHome;
import io.caravan.node.cli.RunningRole;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * One caravan process as a person would start it: {@code java … Main VERB --home … --set …}. What it prints goes to a file
 * beside the home folder, appended start after start.
 */
public final class CaravanProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Process process;
    private final NodeHome home;
    private final String verb;
    private final Path output;

    private CaravanProcess(Process process, NodeHome home, String verb, Path output) {
        this.process = process;
        this.home = home;
        this.verb = verb;
        this.output = output;
    }

    /** Starts the process and returns at once. */
    public static CaravanProcess start(String verb, NodeHome home, Map<String, String> settings) {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:MaxDirectMemorySize=96m",
                "-Dcaravan.dir=" + Path.of("").toAbsolutePath(), "-cp", classPath(), "io.caravan.node.Main", verb,
                "--home", home.root().toString()));
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        Path output = home.root().resolveSibling(home.root().getFileName() + "-" + verb + ".out");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(ProcessBuilder.Redirect.PIPE)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
            return new CaravanProcess(process, home, verb, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The program's own classes and libraries, without those of the tests. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("test-classes" + File.separator))
                .collect(Collectors.joining(File.pathSeparator));
    }

    public String verb() {
        return verb;
    }

    /** The roles that this process runs. */
    public List<String> roles() {
        return verb.equals("up") ? List.of("devnet", "miner", "daemon") : List.of(verb);
    }

    /** Waits until every role of the process answers a call. */
    public CaravanProcess awaitReady() {
        for (String role : roles()) {
            Await.until("the " + role + " answers", START_LIMIT, () -> {
                if (!process.isAlive()) {
                    throw new AssertionError(verb + " ended with exit code " + process.exitValue() + ":\n" + tail());
                }
                return answers(role);
            });
        }
        return this;
    }

    private boolean answers(String role) {
        try (RunningRole running = RunningRole.of(home, role)) {
            running.call(role.equals("devnet") ? "ChainHead" : "Version");
            return true;
        } catch (RuntimeException e) {
            return false;
        }
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** Waits until the process ended by itself. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new AssertionError(verb + " does not end:\n" + tail());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Asks it to stop, as Ctrl-C does, and waits. */
    public int stop() {
        process.destroy();
        return awaitEnd();
    }

    /** What it printed last. */
    public String tail() {
        try {
            String all = Files.exists(output) ? Files.readString(output) : "";
            return all.substring(Math.max(0, all.length() - 4000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
