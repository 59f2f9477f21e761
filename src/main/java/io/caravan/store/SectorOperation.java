package io.caravan.store;

import io.caravan.model.SectorState;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One word of an operator to a sector as the audit has it.
 *
 * @param who the rights of the caller's token
 * @param reason what the operator gave for it
 * @param from the sector's state before; null when there is no such sector
 * @param to its state after; null when the word was refused
 * @param outcome {@code done}, or the coded reason of the refusal
 */
public record SectorOperation(Instant at, String who, Verb verb, @Nullable String reason, @Nullable SectorState from,
        @Nullable SectorState to, String outcome) {

    /** What an operator can do to a sector that waits for one. */
    public enum Verb {
        /** Try the step again where it stopped. */
        RETRY,
        /** Give the sector up: its pieces wait for another one, a deposit on chain is lost. */
        DROP;

        /** E.g. {@code retry}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Verb of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    /** What an operator asks for. */
    public record Word(Verb verb, String who, @Nullable String reason) {}
}
