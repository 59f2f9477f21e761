package io.caravan.devnet;

/** An actor said no: the message's effects are taken back and its receipt carries the exit code. */
final class ActorException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long exitCode;

    ActorException(long exitCode, String message) {
        super(message, null, false, false);
        this.exitCode = exitCode;
    }

    long exitCode() {
        return exitCode;
    }
}
