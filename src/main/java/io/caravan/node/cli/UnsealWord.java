package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a piece, or a range of it, back out of a sector into a file. */
@Command(name = "unseal", description = {"Write a piece of a sealed sector, or a range of it, into a file on the miner's machine.",
    "The whole piece is held against its CommP first. It is read from the unsealed copy, or computed from the replica, which "
            + "may take as long as the sector's first step did. The file is written beside its name (.part) and never replaces "
            + "another."},
        footer = {"", "Example: ./caravan sectors unseal 7 --out piece.car",
            "         ./caravan sectors unseal --deal bafyrei… --offset 0 --length 1000000 --out first.bin", "",
            "Exit code 2 when something about the request is wrong (US1 to US8), 1 when it may work later (US9, US10)."})
final class UnsealWord extends Verb {

    /** Labels of 512 MiB on a slow machine. */
    private static final Duration PATIENCE = Duration.ofHours(12);

    @Parameters(paramLabel = "NUMBER", arity = "0..1", description = "The sector's number; not needed with --deal.")
    private @Nullable Long number;

    @Option(names = "--deal", paramLabel = "CID", description = "The piece of this deal (proposal CID).")
    private @Nullable String deal;

    @Option(names = "--piece", paramLabel = "CID", description = "Which piece of the sector, by CommP; needed where it has several.")
    private @Nullable String piece;

    @Option(names = "--offset", paramLabel = "BYTES", defaultValue = "0", description = "First byte, from the piece's start (default: 0).")
    private long offset;

    @Option(names = "--length", paramLabel = "BYTES", description = "How many bytes (default: up to the end of the deal's data).")
    private @Nullable Long length;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "The file to make.")
    private Path file = Path.of("");

    @Override
    public Integer call() {
        if ((deal == null) == (number == null)) {
            throw new CliException(CliException.FIX_INPUT, "name a sector by its number, or a deal by --deal");
        }
        ObjectNode wanted = object().put("Sector", number).put("Offset", offset).put("Length", length)
                .put("File", file.toAbsolutePath().normalize().toString());
        wanted.set("Deal", deal == null ? null : object().put("/", deal));
        wanted.set("Piece", piece == null ? null : object().put("/", piece));
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "unseal-progress");
            thread.setDaemon(true);
            return thread;
        });
        try (RunningRole miner = miner()) {
            if (!json) {
                timer.scheduleWithFixedDelay(() -> tell(miner, wanted.path("File").asText()), 2, 2, TimeUnit.SECONDS);
            }
            JsonNode given = miner.call(PATIENCE, "Caravan.SectorUnseal", wanted);
            return answer(given, """
                    wrote   %s
                    bytes   %d, from byte %d of piece %s in sector %d
                    checked %s; read from the %s
                    """.formatted(given.path("File").asText(), given.path("Length").asLong(), given.path("Offset").asLong(),
                    cid(given.path("Piece")), given.path("Sector").asLong(), given.path("Checked").asText(),
                    given.path("From").asText()));
        } catch (CliException e) {
            boolean isPassing = e.getMessage().matches("US(9|10) .*");
            throw isPassing ? new CliException(CliException.TRY_AGAIN, e.getMessage()) : e;
        } finally {
            timer.shutdownNow();
        }
    }

    private void tell(RunningRole miner, String target) {
        try {
            for (JsonNode one : miner.call("Caravan.SectorsUnsealing")) {
                if (one.path("File").asText().equals(target) && one.path("Total").asLong() > 0) {
                    Terminal.of(spec).err().println("%s: %d %%".formatted(one.path("Step").asText(),
                            100 * one.path("Done").asLong() / one.path("Total").asLong()));
                }
            }
        } catch (CliException e) {
            // the answer itself says what is wrong
        }
    }
}
