package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an operator can say to a sector that waits for one. Each word is written down, also one that is refused. */
final class SectorWords {

    private SectorWords() {}

    /** One word to one sector. */
    abstract static class Word extends Verb {

        @Parameters(paramLabel = "NUMBER", description = "The sector's number.")
        private long number;

        @Option(names = "--reason", paramLabel = "TEXT", description = "Why, in one line; it is kept with the sector.")
        private @Nullable String reason;

        abstract String method();

        /** Before anything is said; by default nothing has to be. */
        void confirm(long sector) {}

        @Override
        public Integer call() {
            try (RunningRole miner = miner()) {
                confirm(number);
                JsonNode sector = miner.call(method(), number, reason);
                return answer(sector, "sector %d is in %s now%s%nWhat becomes of it: ./caravan sectors".formatted(number,
                        sector.path("state").asText(), sector.path("message").isTextual() ? ": " + sector.path("message").asText() : ""));
            }
        }
    }

    @Command(name = "retry", description = "Try the step of a parked sector again now, where it stopped.",
            footer = {"", "Example: ./caravan sectors retry 7 --reason \"the disk is back\""})
    static final class Retry extends Word {
        @Override
        String method() {
            return "Caravan.SectorRetry";
        }
    }

    @Command(name = "drop", description = "Give a parked sector up: its pieces wait for another sector, or their deals fail where it is "
            + "too late; a deposit that is on chain is lost.",
            footer = {"", "Example: ./caravan sectors drop 7 --yes --reason \"its replica is lost\""})
    static final class Drop extends Word {

        @Option(names = {"-y", "--yes"}, description = "Do not ask.")
        private boolean yes;

        @Override
        String method() {
            return "Caravan.SectorDrop";
        }

        @Override
        void confirm(long sector) {
            if (!yes) {
                Confirmation.of(Terminal.of(spec), "drop gives sector " + sector + " up, for good; a deposit that is on chain is lost");
            }
        }
    }

    /** Where one sector stands, how it came there, and what operators did to it. */
    @Command(name = "history", description = "Tell how a sector came where it stands: each event, and what operators did to it.",
            footer = {"", "Example: ./caravan sectors history 7"})
    static final class History extends Verb {

        @Parameters(paramLabel = "NUMBER", description = "The sector's number.")
        private long number;

        @Override
        public Integer call() {
            try (RunningRole miner = miner()) {
                JsonNode log = miner.call("SectorsStatus", number, false).path("Log");
                JsonNode sector = miner.call("Caravan.Sectors", number == 0 ? null : number - 1, 1).path("sectors").path(0);
                JsonNode operations = miner.call("Caravan.SectorHistory", number);
                ObjectNode all = JSON.createObjectNode();
                all.set("sector", sector);
                all.set("log", log);
                all.set("operations", operations);
                return answer(all, "sector %d is in %s: %s; setbacks: %d%n%n%s%n%s".formatted(number, sector.path("state").asText(),
                        sector.path("standing").asText(), sector.path("setbacks").asLong(), events(log),
                        operations.isEmpty() ? "no operator has touched this sector" : DealHistoryVerb.table(operations)));
            }
        }

        private static Table events(JsonNode log) {
            Table events = new Table("AT", "EVENT", "MOVE");
            log.forEach(line -> events.row(Instant.ofEpochSecond(line.path("Timestamp").asLong()),
                    line.path("Kind").asText().replace("event;", ""), Show.cut(line.path("Message").asText(), 120)));
            return events;
        }
    }
}
