package io.caravan.camel;

/** Hears of each run of a phase route, on the route's thread after the row is settled: it has to be quick. */
@FunctionalInterface
public interface PhaseWatch {

    /** Hears nothing. */
    PhaseWatch NOBODY = run -> { };

    void ended(PhaseRun run);

    /** Both hear, one after the other. */
    default PhaseWatch and(PhaseWatch next) {
        return run -> {
            ended(run);
            next.ended(run);
        };
    }
}
