package io.caravan.store;

import io.caravan.model.DealState;
import io.caravan.model.OperatorVerb;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One word of an operator as the audit has it.
 *
 * @param who the rights of the caller's token
 * @param target where a rewind was to go
 * @param reason what the operator gave for it
 * @param from the deal's state before; null when there is no such deal
 * @param to its state after; null when the word was refused
 * @param outcome {@code done}, with what was released, or the coded reason of the refusal
 */
public record Operation(Instant at, String who, OperatorVerb verb, @Nullable DealState target, @Nullable String reason,
        @Nullable DealState from, @Nullable DealState to, String outcome) {

    /** What an operator asks for. */
    public record Word(OperatorVerb verb, String who, @Nullable DealState target, @Nullable String reason) {}
}
