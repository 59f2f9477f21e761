package io.caravan.proofs;

/** The computation was told to end; what it had finished stays and is not done again. */
public final class SealCancelledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SealCancelledException() {
        super("sealing was cancelled");
    }
}
