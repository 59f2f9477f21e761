package io.caravan.node.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.support.SettableClock;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiveViewTest {

    private static final Instant START = Instant.parse("2026-01-01T12:00:00Z");
    private static final List<String> PROVIDER = List.of("Validating", "AcceptWait", "WaitingForData", "Transferring",
            "VerifyData", "ReserveProviderFunds", "ProviderFunding", "Publish", "Publishing", "Staged",
            "AwaitingPreCommit", "Sealing", "Finalizing", "Active");

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final SettableClock clock = SettableClock.at(START);
    private long number;

    @ParameterizedTest
    @CsvSource({"40,120", "24,80", "24,79", "12,60", "8,20"})
    void drawsOneDealWithinTheTerminal(int rows, int columns) {
        LiveView view = view(new Screen(rows, columns));
        view.started("deal", "demo-1.bin");
        PROVIDER.forEach(state -> {
            move(view, "client", "deal", "StorageDeal" + state);
            move(view, "provider", "deal", "StorageDeal" + state);
            move(view, "sector", "0", "PreCommitPhase1");
        });
        view.progress("deal", new Progress(1 << 20, 1 << 20));
        view.sealing(List.of(new Sealing(0, "labels, layer 1 of 2", 43, 100)));
        view.tick();
        assertFits(rows, columns);
        assertThat(frame()).anyMatch(line -> line.contains("Active"))
                .anyMatch(line -> line.startsWith("████████░░░░░░░░░░░"));
    }

    @ParameterizedTest
    @CsvSource({"40,120", "24,80", "8,20"})
    void drawsManyDealsWithinTheTerminal(int rows, int columns) {
        LiveView view = view(new Screen(rows, columns));
        for (int i = 0; i < 100; i++) {
            view.started("deal" + i, "a-long-file-name-" + i + ".bin");
            move(view, "client", "deal" + i, "StorageDealReserveClientFunds");
            move(view, "sector", "" + i, "PreCommitPhase2");
            view.progress("deal" + i, new Progress(1 << 19, 1 << 20));
        }
        view.sealing(List.of(new Sealing(3, "labels, layer 1 of 2", 43, 100), new Sealing(4, "tree over the columns (tree-c)", 1, 100)));
        view.tick();
        assertFits(rows, columns);
        assertThat(frame()).anyMatch(line -> line.matches("… and \\d+ more"))
                .anyMatch(line -> line.startsWith("0 of 100 Active"));
    }

    @Test
    void showsAllThreeSidesAt80Columns() {
        LiveView view = view(new Screen(24, 80));
        view.started("deal", "demo-1.bin");
        move(view, "client", "deal", "StorageDealReserveClientFunds");
        move(view, "provider", "deal", "StorageDealReserveProviderFunds");
        move(view, "sector", "7", "PreCommitPhase1");
        clock.forward(Duration.ofSeconds(61));
        view.tick();
        assertThat(frame()).contains("▸ ReserveClientFunds  61 s ▸ ReserveProviderFunds  61 s ▸ PreCommitPhase1  61 s");
    }

    @Test
    void takesTheUsualSizeWhereATerminalTellsNone() {
        assertThat(Screen.parse("40 120\n")).isEqualTo(new Screen(40, 120));
        assertThat(List.of("", "0 0", "x y", "3 5", "99999999999 80")).allMatch(told -> Screen.parse(told) == Screen.USUAL);
    }

    private LiveView view(Screen screen) {
        return new LiveView(new PrintStream(bytes, true, StandardCharsets.UTF_8), clock, () -> screen);
    }

    private void move(LiveView view, String role, String id, String to) {
        view.moved(new Move(++number, clock.instant(), role, id, "", to, "Event"));
    }

    /** One line less than the terminal has, because the cursor stands below the last. */
    private void assertFits(int rows, int columns) {
        assertThat(frame()).hasSizeLessThan(rows).allMatch(line -> line.length() <= columns);
    }

    private List<String> frame() {
        return bytes.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[\\d*[A-Z]", "").lines().toList();
    }
}
