package io.caravan.node.sim;

/** Unwinds what a role was doing when it was killed. No program catches it as a failure of its own. */
final class LifeEnded extends Error {

    private static final long serialVersionUID = 1L;

    LifeEnded(String life) {
        super(life + " was killed", null, false, false);
    }
}
