package io.caravan.sealing;

/** Files of the sector are lost or wrong: it has to be sealed again. The message says which and how. */
public final class RedoException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean isDataWrong;

    private RedoException(String message, boolean isDataWrong) {
        super(message);
        this.isDataWrong = isDataWrong;
    }

    /** What was made of the data is wrong; the data itself may be as it was. */
    public static RedoException ofFiles(String message) {
        return new RedoException(message, false);
    }

    /** The data is lost or wrong: it has to be written again from the pieces. */
    public static RedoException ofData(String message) {
        return new RedoException(message, true);
    }

    public boolean isDataWrong() {
        return isDataWrong;
    }
}
