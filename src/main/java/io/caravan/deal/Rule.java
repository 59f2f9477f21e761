package io.caravan.deal;

import java.util.Optional;

/**
 * One reason to refuse a proposal. The code and the name are stable: a client may match on them; the numbers after them
 * are for people ({@code V14 price-below-ask: 118 < 119}). Checks without a number in the spec have their name as the
 * code ({@code V-ask-expired: 90 < 91}).
 *
 * @param code V1…V20 or {@code V-…} for the proposal itself, F1…F9 for what the operator wants
 * @param name empty where the code says it all
 */
record Rule(String code, String name, Check check) {

    /** Finds what is wrong, in numbers; empty when nothing is. */
    @FunctionalInterface
    interface Check {
        Optional<String> fault(Candidate candidate);
    }

    /** A check without a number. */
    Rule(String code, Check check) {
        this(code, "", check);
    }

    /** The refusal as the client reads it; empty when the proposal passes. */
    Optional<String> refuse(Candidate candidate) {
        return check.fault(candidate).map(fault -> sentence(code, name, fault));
    }

    static Optional<String> unless(boolean holds, String fault) {
        return holds ? Optional.empty() : Optional.of(fault);
    }

    static String sentence(String code, String name, String fault) {
        return code + (name.isEmpty() ? "" : " " + name) + (fault.isEmpty() ? "" : ": " + fault);
    }
}
