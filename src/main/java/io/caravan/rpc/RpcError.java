package io.caravan.rpc;

/** The codes of JSON-RPC errors as go-jsonrpc gives them, with the HTTP status each is answered with. */
public enum RpcError {
    /** The body or a parameter is not what it should be. */
    PARSE(-32700, 500),
    /** The body is not a call. */
    INVALID_REQUEST(-32600, 400),
    /** No method of that name, or not over this transport. */
    METHOD_NOT_FOUND(-32601, 500),
    /** Too many or too few parameters. */
    INVALID_PARAMS(-32602, 500),
    /** A fault of our own while a method ran. */
    PANIC(0, 500),
    /** Any ordinary error that a method reports. */
    APPLICATION(1, 200),
    /** Only ever seen by a client: the connection ended before the answer came. */
    CONNECTION(-1111111, 500);

    private final int code;
    private final int httpStatus;

    RpcError(int code, int httpStatus) {
        this.code = code;
        this.httpStatus = httpStatus;
    }

    /** The number in the error object. */
    public int code() {
        return code;
    }

    static int httpStatusOf(int code) {
        for (RpcError error : values()) {
            if (error.code == code) {
                return error.httpStatus;
            }
        }
        return APPLICATION.httpStatus;
    }
}
