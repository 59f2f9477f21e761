package io.caravan.support;

import io.caravan.node.NodeHome;
import io.caravan.node.cli.RunningRole;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One caravan process as a person would start it: {@code ./caravan VERB --home … --set …}. What it prints goes to a file
 * beside the home folder, appended start after start.
 */
public final class CaravanProcess implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration LEARN_LIMIT = Duration.ofMinutes(5);
    /** What the JVM itself says of a module that the launcher adds. */
    private static final String OF_THE_JVM = "WARNING: Using incubator modules: jdk.incubator.vector\n";
    private static final String LAUNCHER = Path.of("caravan").toAbsolutePath().toString();

    private static volatile boolean isLearnt;

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
        learn();
        List<String> command = new ArrayList<>(List.of(LAUNCHER, verb, "--home", home.root().toString()));
        settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        Path output = home.root().resolveSibling(home.root().getFileName() + "-" + verb + ".out");
        try {
            Process process = launcher(command).redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile())).start();
            return new CaravanProcess(process, home, verb, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The launcher becomes the JVM that it starts, so what is killed is the node. It compiles little: it lives for seconds. */
    private static ProcessBuilder launcher(List<String> command) {
        ProcessBuilder launcher = new ProcessBuilder(command).redirectErrorStream(true).redirectInput(ProcessBuilder.Redirect.PIPE);
        launcher.environment().put("JAVA_HOME", System.getProperty("java.home"));
        launcher.environment().put("CARAVAN_JAVA_OPTS", "-Xmx256m -XX:TieredStopAtLevel=1");
        return launcher;
    }

    /**
     * Has the launcher learn this build's classes unless it has, so that no first start is spent on it: one process does,
     * all others wait for it.
     */
    private static void learn() {
        if (isLearnt) {
            return;
        }
        try (FileChannel lock = FileChannel.open(Path.of("target", "learn.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            Path log = Path.of("target", "learn.out");
            Process process = launcher(List.of(LAUNCHER, "learn", "--once")).redirectOutput(log.toFile()).start();
            if (!process.waitFor(LEARN_LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError("./caravan learn --once does not end well:\n" + Files.readString(log));
            }
            isLearnt = true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
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

    /** What it printed last, without what the JVM says before it begins. */
    public String tail() {
        try {
            String all = Files.exists(output) ? Files.readString(output).replace(OF_THE_JVM, "") : "";
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
