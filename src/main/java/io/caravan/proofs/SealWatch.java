package io.caravan.proofs;

/** Follows a long computation and may end it; called from its threads. */
public interface SealWatch {

    /** Hears nothing and ends nothing. */
    SealWatch NONE = new SealWatch() {
        @Override
        public void at(String step, long done, long total) {
        }

        @Override
        public boolean isCancelled() {
            return false;
        }
    };

    /** @param step what runs, one word; {@code done} and {@code total} in nodes */
    void at(String step, long done, long total);

    /** Looked at every few thousand nodes; once true, the computation ends with {@link SealCancelledException}. */
    boolean isCancelled();

    /** @throws SealCancelledException when it is cancelled */
    default void check() {
        if (isCancelled()) {
            throw new SealCancelledException();
        }
    }
}
