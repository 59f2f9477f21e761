package io.caravan.deal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the operator's command with a question on its standard input. It ends within its time, or is killed with all that
 * it started; of its output no more than a bounded part is kept.
 */
final class FilterCommand {

    /** What became of a run. */
    sealed interface Answer permits Ended, NotRun, TooLate {}

    /** @param output the beginning of standard output and error as they came */
    record Ended(int exitCode, String output) implements Answer {}

    /** The machine could not start it. */
    record NotRun(String why) implements Answer {}

    /** Killed when its time was up. */
    record TooLate() implements Answer {}

    private static final Logger LOG = LoggerFactory.getLogger(FilterCommand.class);
    private static final int MOST_OUTPUT = 4096;
    private static final Duration LOOK = Duration.ofMillis(20);

    private final List<String> command;
    private final Duration limit;

    /** @param shell a line for {@code sh -c} */
    FilterCommand(String shell, Duration limit) {
        this(List.of("sh", "-c", shell), limit);
    }

    FilterCommand(List<String> command, Duration limit) {
        this.command = command;
        this.limit = limit;
    }

    Answer run(String question) {
        Process process;
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            // Settings come by the environment too, and what judges deals has no need of our passwords.
            builder.environment().keySet().removeIf(name -> name.startsWith("CARAVAN_")
                    && (name.endsWith("_PASSWORD") || name.endsWith("_TOKEN")));
            process = builder.start();
        } catch (IOException e) {
            return new NotRun(String.valueOf(e.getMessage()));
        }
        try {
            ask(process, question);
            return await(process);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new TooLate();
        } finally {
            kill(process);
        }
    }

    /** A command may decide without reading. */
    private static void ask(Process process, String question) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(question.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.debug("the deal filter did not read its question: {}", e.getMessage());
        }
    }

    /** Empties the output while it waits: a full pipe would hold the command up. Never reads what is not there yet. */
    private Answer await(Process process) throws InterruptedException {
        var output = new ByteArrayOutputStream();
        for (long waited = 0; waited < limit.toMillis(); waited += LOOK.toMillis()) {
            boolean hasEnded = process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            drain(process, output);
            if (hasEnded) {
                return new Ended(process.exitValue(), output.toString(StandardCharsets.UTF_8));
            }
        }
        return new TooLate();
    }

    private static void drain(Process process, ByteArrayOutputStream output) {
        try {
            InputStream from = process.getInputStream();
            while (from.available() > 0) {
                byte[] some = from.readNBytes(Math.min(from.available(), MOST_OUTPUT));
                output.write(some, 0, Math.min(some.length, MOST_OUTPUT - output.size()));
            }
        } catch (IOException e) {
            LOG.debug("the deal filter's output broke off: {}", e.getMessage());
        }
    }

    /** Its children first, while they can still be found by it. */
    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
