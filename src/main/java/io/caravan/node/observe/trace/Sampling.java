package io.caravan.node.observe.trace;

/**
 * Which traces are kept: a share of all, chosen by the trace's id alone, so that both sides of a deal, and a node after a
 * restart, choose the same.
 *
 * @param share from 0, none, to 1, all
 */
public record Sampling(double share) {

    private static final int ID_DIGITS = 32;
    private static final int TAIL_DIGITS = 14;
    private static final double ALL = 1L << 4 * TAIL_DIGITS;

    public Sampling {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("a share is from 0 to 1");
        }
    }

    boolean takes(String trace) {
        return Long.parseLong(trace, ID_DIGITS - TAIL_DIGITS, ID_DIGITS, 16) < share * ALL;
    }
}
