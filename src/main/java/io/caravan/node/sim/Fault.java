package io.caravan.node.sim;

import io.caravan.model.DealState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One thing that goes wrong, and when.
 *
 * @param when the moment or the occasion
 * @param deed what is done
 * @param time how long it lasts, or after what time it is undone; zero where the deed is over at once
 * @param amount how many, how deep, or which passing; 0 where there is nothing to count
 * @param line as it stands in the script
 */
public record Fault(When when, Deed deed, Duration time, long amount, String line) {

    /** When a fault happens. */
    public sealed interface When {

        /** Once, so long after the beginning. */
        record At(Duration after) implements When {
        }

        /** Again and again; {@code isLoose} makes it an average, the moments being drawn. */
        record Every(Duration period, boolean isLoose) implements When {
        }

        /** When that deal (from 1) comes into that state at that side. */
        record InState(int deal, String side, DealState state) implements When {
        }
    }

    /** What can go wrong; the text is how scripts call it. */
    public enum Deed {
        CUT_LINK("cut-link", "for TIME"),
        SLOW_LINK("slow-link", "for TIME"),
        LOSSY_LINK("lossy-link", "for TIME"),
        BREAK_STREAMS("break-streams", "N"),
        KILL_MINER("kill-miner", "for TIME"),
        KILL_DAEMON("kill-daemon", "for TIME"),
        STOP_MINER("stop-miner", "for TIME"),
        STOP_DAEMON("stop-daemon", "for TIME"),
        CHAIN_AWAY("chain-away", "for TIME"),
        REORG("reorg", "N"),
        DROP_MESSAGES("drop-messages", "N"),
        FAIL_MESSAGES("fail-messages", "N"),
        TERMINATE_SECTOR("terminate-sector", null),
        FAULT_SECTOR("fault-sector", "for TIME"),
        FAIL_SEALING("fail-sealing", "N"),
        LOSE_SECTOR("lose-sector", "N"),
        CANCEL("cancel", null),
        BAD_PROPOSAL("bad-proposal", null);

        private final String text;
        private final @Nullable String argument;

        Deed(String text, @Nullable String argument) {
            this.text = text;
            this.argument = argument;
        }

        @Override
        public String toString() {
            return text;
        }

        boolean takesTime() {
            return "for TIME".equals(argument);
        }

        boolean takesNumber() {
            return "N".equals(argument);
        }

        String usage() {
            return argument == null ? text : text + " " + argument;
        }
    }
}
