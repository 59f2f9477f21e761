package io.caravan.node.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CommPBenchTest {
    @Test
    void printsEachSpeedBesideTheLoopOfTheSameRun() throws IOException {
        var bytes = new ByteArrayOutputStream();
        new CommPBench(0.03).measure(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().toList())
                .hasSize(8)
                .anyMatch(l -> l.matches("sha-256 loop, 1 thread +[0-9.]+ MiB/s"))
                .anyMatch(l -> l.matches("SHA-256 .*at a time \\(.*\\)"))
                .anyMatch(l -> l.matches("chosen beside digest +[0-9.]+ times on 1 thread, [0-9.]+ times on 2"))
                .anyMatch(l -> l.matches("commP \\(digest\\), 1 thread .* per thread +[0-9]+\\.[0-9]{3} of the loop"))
                .anyMatch(l -> l.matches("commP \\(chosen\\), 2 threads .* per thread +[0-9]+\\.[0-9]{3} of the loop"));
    }
}
