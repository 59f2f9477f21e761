package io.caravan.node.sim;

import io.caravan.model.RetryableException;
import io.caravan.model.WaitsOn;
import io.caravan.sealing.RedoException;
import io.caravan.sealing.SectorRef;

/** What goes wrong with the next steps of sealing, as many of them as were ordered. */
final class Setback {

    private long failures;
    private long losses;

    /** So many more steps do not come to their end; a later try does. */
    void fail(long steps) {
        failures = Math.addExact(failures, steps);
    }

    /** So many more steps find the sector's files gone. */
    void lose(long steps) {
        losses = Math.addExact(losses, steps);
    }

    /** Nothing goes wrong any more. */
    void forget() {
        failures = 0;
        losses = 0;
    }

    /** A step begins. */
    void step(SectorRef sector, String step) {
        if (failures > 0) {
            failures--;
            throw new RetryableException(WaitsOn.SEALER, "the worker that does " + step + " of " + sector + " went away (simulated)", null);
        }
    }

    /** A step that reads the sector's files begins; they may be lost at any of them. */
    boolean isLost() {
        if (losses == 0) {
            return false;
        }
        losses--;
        return true;
    }

    static RedoException lost(SectorRef sector, String step) {
        return RedoException.ofData("the files of " + sector + " were gone at " + step + " (simulated)");
    }
}
