package io.caravan.deal;

import java.util.Optional;

/**
 * One reason to refuse a proposal. The code and the name are stable: a client may match on them; the numbers after them
 * are for people ({@code V14 price-below-ask: 118 < 119}).
 *
 * @param code the check's number, V1…V18 for the proposal itself, F1…F8 for what the operator wants
 */
record Rule(String code, String name, Check check) {

    /** Finds what is wrong, in numbers; empty when nothing is. */
    @FunctionalInterface
    interface Check {
        Optional<String> fault(Candidate candidate);
    }

    /** The refusal as the client reads it; empty when the proposal passes. */
    Optional<String> refuse(Candidate candidate) {
        return check.fault(candidate).map(fault -> code + " " + name + (fault.isEmpty() ? "" : ": " + fault));
    }

    static Optional<String> unless(boolean holds, String fault) {
        return holds ? Optional.empty() : Optional.of(fault);
    }
}
