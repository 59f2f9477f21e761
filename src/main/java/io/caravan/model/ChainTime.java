package io.caravan.model;

import java.util.Optional;

/** The chain's time as this node last heard it. Asking costs nothing and never fails. */
public interface ChainTime {

    /** A node that knows no chain: no epoch is ever past. */
    ChainTime NONE = Optional::empty;

    /** The newest head heard of; empty before the first. It is behind while the chain does not answer. */
    Optional<Epoch> head();
}
