package io.caravan.libp2p;

/** The stream ended before its time: reset by the peer, by us, or with its connection. A new stream may go better. */
public final class StreamResetException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    private final int code;

    /** The code is what the one who reset it gave, 0 = none. */
    public StreamResetException(String message, int code) {
        super(message, null);
        this.code = code;
    }

    /** 0 = none given; 0..0xfff are the application's, 0x1001 and up are libp2p's. */
    public int code() {
        return code;
    }
}
