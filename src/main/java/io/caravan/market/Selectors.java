package io.caravan.market;

import io.caravan.codec.Bytes;

/** The two selectors that mean "the whole DAG" (wire-protocols §10); storage deals use no other. */
final class Selectors {

    /** Explore all, recursively, without a limit; what we send. */
    static final Bytes EXPLORE_ALL = Bytes.ofHex("a16152a2616ca1646e6f6e65a0623a3ea16161a1613ea16140a0");

    /** The same traversal, matching each node on its way. */
    static final Bytes MATCH_ALL = Bytes.ofHex("a16152a2616ca1646e6f6e65a0623a3ea1617c82a1612ea0a16161a1613ea16140a0");

    private Selectors() {
    }

    /** Whether it selects the whole DAG. Another spelling of the same (keys in another order) is not recognised. */
    static boolean isWholeDag(Bytes selector) {
        return selector.equals(EXPLORE_ALL) || selector.equals(MATCH_ALL);
    }
}
