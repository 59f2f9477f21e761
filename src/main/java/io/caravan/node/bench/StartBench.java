package io.caravan.node.bench;

import io.caravan.node.ThrowawayHome;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How long a role takes from the launcher's start to the line that it is ready, each as a process of its own, on a home folder
 * that has been used: the devnet runs beside it. Against a JVM that starts the same program and only prints its version.
 */
public final class StartBench {

    private static final int STARTS = 7;
    private static final String READY = "Ctrl-C stops";
    private static final List<String> PORTS = List.of("devnet.port", "miner.port", "daemon.port", "miner.libp2p.port", "daemon.libp2p.port");

    private final String launcher;
    private final Path home;

    private StartBench(Path home) {
        this.launcher = Path.of(System.getProperty("caravan.dir", "."), "caravan").toString();
        this.home = home;
    }

    /** Measures, some minute or so on a quiet machine. */
    public static void run(PrintStream out) throws IOException, InterruptedException {
        try (ThrowawayHome place = ThrowawayHome.make("bench")) {
            new StartBench(place.home().root()).measure(out);
        }
    }

    private void measure(PrintStream out) throws IOException, InterruptedException {
        double[] version = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            version[i] = ended(List.of("version"));
        }
        double plain = said(out, "version", version, 0);
        Process devnet = started("devnet").process();
        try {
            for (String role : List.of("miner", "daemon")) {
                stop(started(role).process()); // the first one makes keys, actor and tables
                double[] millis = new double[STARTS];
                for (int i = 0; i < STARTS; i++) {
                    Started start = started(role);
                    millis[i] = start.millis();
                    stop(start.process());
                }
                said(out, role, millis, plain);
            }
        } finally {
            stop(devnet);
        }
        double[] devnets = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            Started start = started("devnet");
            devnets[i] = start.millis();
            stop(start.process());
        }
        said(out, "devnet", devnets, plain);
    }

    private record Started(Process process, double millis) {
    }

    private Started started(String role) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(role, "--home", home.toString()));
        PORTS.forEach(port -> words.addAll(List.of("--set", port + "=0")));
        long begin = System.nanoTime();
        Process process = launched(words);
        BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.contains(READY)) {
                return new Started(process, (System.nanoTime() - begin) / 1e6);
            }
        }
        process.waitFor();
        throw new IOException(role + " ended with " + process.exitValue() + " before it was ready; look into " + home.resolve("log"));
    }

    private double ended(List<String> words) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        Process process = launched(words);
        process.getInputStream().readAllBytes();
        process.waitFor();
        return (System.nanoTime() - begin) / 1e6;
    }

    private Process launched(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(words);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    }

    private static void stop(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
    }

    private static double said(PrintStream out, String what, double[] millis, double plain) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        double median = sorted[sorted.length / 2];
        out.printf(Locale.ROOT, "%-8s median %5.2f s   least %5.2f s   most %5.2f s%s%n", what, median / 1e3, sorted[0] / 1e3,
                sorted[sorted.length - 1] / 1e3, plain > 0 ? "   %.1f times a version".formatted(median / plain) : "");
        out.flush();
        return median;
    }
}
