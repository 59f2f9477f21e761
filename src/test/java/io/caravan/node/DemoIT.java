package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.node.cli.Terminal;
import io.caravan.node.demo.Demo;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo as a program reads it: one JSON object a line, the last one the result. */
@Tag("busy")
class DemoIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;

    @Test
    void makesADealToActiveAndTellsEveryMoveAsALine() throws Exception {
        Path file = Files.write(folder.resolve("stored.bin"), new byte[1_200]);
        List<JsonNode> lines = run(file, Duration.ofSeconds(180), 0);

        JsonNode last = lines.remove(lines.size() - 1);
        assertThat(last.fieldNames()).toIterable().containsExactly("result", "deals", "seconds");
        assertThat(last.path("result").asText()).isEqualTo("Active");
        assertThat(last.path("seconds").isNumber()).isTrue();
        assertThat(last.path("deals")).hasSize(1);
        JsonNode deal = last.path("deals").get(0);
        assertThat(deal.fieldNames()).toIterable().containsExactly("proposalCid", "dealId", "sector");
        assertThat(deal.path("dealId").isIntegralNumber() && deal.path("sector").isIntegralNumber()).isTrue();

        assertThat(lines).allSatisfy(line -> {
            assertThat(line.fieldNames()).toIterable().containsExactly("at", "role", "id", "from", "to", "event");
            assertThat(Instant.parse(line.path("at").asText())).isNotNull();
            assertThat(line.path("role").asText()).isIn(Set.of("client", "provider", "sector"));
        });
        String proposal = deal.path("proposalCid").asText();
        for (String role : List.of("client", "provider")) {
            List<JsonNode> moves = lines.stream().filter(line -> line.path("role").asText().equals(role)).toList();
            assertThat(moves).allMatch(line -> line.path("id").asText().equals(proposal));
            assertThat(moves.get(moves.size() - 1).path("to").asText()).isEqualTo("StorageDealActive");
        }
        assertThat(lines).anyMatch(line -> line.path("role").asText().equals("sector") && line.path("to").asText().equals("Proving"));
    }

    @Test
    void saysWhichDealWaitsForWhatWhenTheTimeIsOver() throws Exception {
        Path file = Files.write(folder.resolve("stored.bin"), new byte[1000]);
        List<JsonNode> lines = run(file, Duration.ofSeconds(1), 1);

        JsonNode last = lines.get(lines.size() - 1);
        assertThat(last.path("result").asText()).isEqualTo("Failed");
        assertThat(last.path("deals")).isEmpty();
        assertThat(last.path("reason").asText()).startsWith("deal bafyrei").contains("the daemon is in StorageDeal");
    }

    private static List<JsonNode> run(Path file, Duration timeout, int exitCode) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(print(out), print(err), false);
        int code = new Demo(terminal, true, new Demo.Wish(Optional.of(file), 1, timeout, false, Map.of("miner.sector-size", "2KiB"))).run();
        assertThat(code).as("%s%n%s", out, err).isEqualTo(exitCode);
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
