package io.caravan.node.cli;

import io.caravan.node.demo.Demo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The first thing a newcomer runs. */
@Command(name = "demo", description = "Make a deal from a file to Active on a fresh devnet, seal its sector, and show all of "
        + "it while it moves.", footer = {"", "Example: ./caravan demo", "         ./caravan demo --sector-size 2KiB --deals 3", "         ./caravan demo --file photo.jpg --keep"})
final class DemoVerb extends Verb {

    private static final List<String> SECTOR_SIZES = List.of("2KiB", "8MiB", "512MiB");

    @Option(names = "--file", paramLabel = "PATH", description = "What to store (default: a file of 1 MiB that the demo makes; 1200 bytes "
            + "for sectors of 2 KiB).")
    private Path file;

    @Option(names = "--deals", paramLabel = "N", defaultValue = "1", description = "How many deals (default: ${DEFAULT-VALUE}).")
    private int deals = 1;

    @Option(names = "--sector-size", paramLabel = "SIZE", description = "What the miner's sectors hold: 2KiB, 8MiB, or 512MiB, which takes "
            + "minutes and a --timeout of its own (default: 8MiB).")
    private String sectorSize = "";

    @Option(names = "--keep", description = "Stay up afterwards and print the URLs.")
    private boolean keep;

    @Option(names = "--timeout", paramLabel = "S", defaultValue = "300", description = "Give up after so many seconds (default: ${DEFAULT-VALUE}).")
    private int timeout = 300;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Override one setting; may be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() throws Exception {
        if (spec.commandLine().getParseResult().hasMatchedOption("--home")) {
            throw new CliException(CliException.FIX_INPUT, "the demo makes a home folder of its own and removes it; to keep one, use ./caravan up --home DIR");
        }
        if (file != null && !Files.isRegularFile(file)) {
            throw new CliException(CliException.FIX_INPUT, "there is no file " + file.toAbsolutePath().normalize());
        }
        if (deals < 1 || deals > 1000) {
            throw new CliException(CliException.FIX_INPUT, "--deals " + deals + " must lie between 1 and 1000");
        }
        if (timeout < 1) {
            throw new CliException(CliException.FIX_INPUT, "--timeout " + timeout + " must be at least 1 second");
        }
        if (!sectorSize.isEmpty()) {
            if (!SECTOR_SIZES.contains(sectorSize)) {
                throw new CliException(CliException.FIX_INPUT, "--sector-size " + sectorSize + " must be one of " + SECTOR_SIZES);
            }
            overrides.putIfAbsent("miner.sector-size", sectorSize);
        }
        return new Demo(Terminal.of(spec), json, new Demo.Wish(Optional.ofNullable(file), deals, Duration.ofSeconds(timeout), keep, overrides)).run();
    }
}
