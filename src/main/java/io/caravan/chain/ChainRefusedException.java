package io.caravan.chain;

/** The chain node was reached and said no: the method, the code and the sentence it gave. */
public final class ChainRefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int code;

    public ChainRefusedException(String method, int code, String sentence) {
        super(method + ": " + sentence);
        this.code = code;
    }

    /** The JSON-RPC error code; 1 for Lotus errors without one of their own. */
    public int code() {
        return code;
    }
}
