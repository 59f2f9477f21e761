package io.caravan.libp2p;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The js-libp2p peer of src/test/interop/js as a child process: one line to it, one line from it. */
final class JsPeer implements AutoCloseable {

    private static final Path SOURCE = Path.of("src/test/interop/js");
    private static final Path PLACE = Path.of("target/interop-js");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final BufferedReader from;
    private final BufferedWriter to;
    private final PeerId id;
    private final List<Multiaddr> addresses;

    private JsPeer(Process process) throws IOException {
        this.process = process;
        this.from = process.inputReader(StandardCharsets.UTF_8);
        this.to = process.outputWriter(StandardCharsets.UTF_8);
        JsonNode first = answer(60);
        this.id = PeerId.parse(first.get("peer").asText());
        this.addresses = List.of(Multiaddr.parse(first.get("addresses").get(0).asText()));
    }

    /** Whether this machine has what the peer needs. */
    static boolean possible() {
        return runs("node", "--version") && runs("npm", "--version");
    }

    private static boolean runs(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Installs the pinned packages unless they are there, and starts the peer. */
    static JsPeer start() throws IOException, InterruptedException {
        Files.createDirectories(PLACE);
        for (String file : List.of("package.json", "package-lock.json", "node20.mjs", "peer.mjs")) {
            Files.write(PLACE.resolve(file), Files.readAllBytes(SOURCE.resolve(file)));
        }
        if (!Files.exists(PLACE.resolve("node_modules/.package-lock.json"))) {
            Process npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund").directory(PLACE.toFile())
                    .redirectErrorStream(true).start();
            String said = new String(npm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(npm.waitFor()).as("npm ci: %s", said).isZero();
        }
        return new JsPeer(new ProcessBuilder("node", "--import", "./node20.mjs", "peer.mjs").directory(PLACE.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    PeerId id() {
        return id;
    }

    List<Multiaddr> addresses() {
        return addresses;
    }

    /** Tells it what to do and waits for its answer. */
    JsonNode ask(String line) throws IOException {
        to.write(line + "\n");
        to.flush();
        JsonNode answer = answer(120);
        assertThat(answer.has("error")).as("%s: %s", line, answer).isFalse();
        return answer;
    }

    private JsonNode answer(int seconds) {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return String.valueOf(from.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            return JSON.readTree(line.get(seconds, TimeUnit.SECONDS));
        } catch (Exception e) {
            throw new AssertionError("no answer from the js peer", e);
        }
    }

    @Override
    public void close() throws IOException {
        to.close();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
