package io.caravan.node.cli;

/** An answer to the person at the terminal: one sentence and an exit code (1 try again, 2 fix what you gave). */
public final class CliException extends RuntimeException {

    public static final int TRY_AGAIN = 1;
    public static final int FIX_INPUT = 2;

    private final int exitCode;

    public CliException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
