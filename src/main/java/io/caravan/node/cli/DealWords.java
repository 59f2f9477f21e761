package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What an operator can say to a deal. Each word is written down by the role, also one that it refuses. */
final class DealWords {

    private DealWords() {}

    @Command(name = "retry", description = "Try the deal's state again now: unpark it, forget its failed tries, and give it its time "
            + "anew where that has run out.",
            footer = {"", "Example: ./caravan deals retry bafyrei… --reason \"the disk is back\""})
    static final class Retry extends DealWord {
        @Override
        String consequence() {
            return "";
        }

        @Override
        JsonNode say(RunningRole role, Object deal, @Nullable String why) {
            return role.call("Caravan.DealRetry", deal, why);
        }
    }

    @Command(name = "cancel", description = "End a deal that is not published, on both sides; its money is free again.",
            footer = {"", "Example: ./caravan deals cancel bafyrei… --reason \"wrong file\""})
    static final class Cancel extends DealWord {
        @Override
        String consequence() {
            return "cancel ends it on both sides, for good";
        }

        @Override
        JsonNode say(RunningRole role, Object deal, @Nullable String why) {
            return role.call("Caravan.DealCancel", deal, why);
        }
    }

    @Command(name = "fail", description = "End a deal that is not published as failed on this side; the other side learns of it.",
            footer = {"", "Example: ./caravan deals fail bafyrei… --miner --reason \"staging disk lost\""})
    static final class Fail extends DealWord {
        @Override
        String consequence() {
            return "fail ends it on this side, for good";
        }

        @Override
        JsonNode say(RunningRole role, Object deal, @Nullable String why) {
            return role.call("Caravan.DealFail", deal, why);
        }
    }

    @Command(name = "rewind", description = "Take a deal back to an earlier state, where that repeats nothing that cannot be undone.",
            footer = {"", "Example: ./caravan deals rewind bafyrei… --to VerifyData --miner"})
    static final class Rewind extends DealWord {
        @Option(names = "--to", required = true, paramLabel = "STATE", description = "A state's name or code, such as VerifyData or 19.")
        private String to = "";

        @Override
        String consequence() {
            return "rewind takes it back to " + to;
        }

        @Override
        JsonNode say(RunningRole role, Object deal, @Nullable String why) {
            return role.call("Caravan.DealRewind", deal, to, why);
        }
    }

    @Command(name = "release-funds", description = "Give back what a deal still holds that needs no money any more.",
            footer = {"", "Example: ./caravan deals release-funds bafyrei…"})
    static final class ReleaseFunds extends DealWord {
        @Override
        String consequence() {
            return "release-funds gives back what it still holds";
        }

        @Override
        JsonNode say(RunningRole role, Object deal, @Nullable String why) {
            return role.call("Caravan.DealReleaseFunds", deal, why);
        }
    }
}
