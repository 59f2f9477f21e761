package io.caravan.rpc;

/** Hears of each call that was answered, on the thread that answered: it has to be quick. */
@FunctionalInterface
public interface CallWatch {

    /** Hears nothing. */
    CallWatch NOBODY = (method, nanos, isError) -> { };

    /**
     * A call was answered.
     *
     * @param method the registered method's name; {@code forwarded} for one that the table does not hold itself, {@code unknown} for
     *     a name that nobody answers, so that callers cannot invent names
     * @param nanos how long it took
     * @param isError whether the answer is an error
     */
    void answered(String method, long nanos, boolean isError);
}
