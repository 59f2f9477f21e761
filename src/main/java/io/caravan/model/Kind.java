package io.caravan.model;

/** What a state asks of us, so that nobody lists states by hand. */
public enum Kind {
    /** Never entered on this side: a code that is only said to a peer, or that belongs to the other side. */
    REPLY,
    /** A route acts. */
    WORK,
    /** A route looks; there is nothing to do but wait. */
    WAIT,
    /** Nothing follows. */
    END
}
