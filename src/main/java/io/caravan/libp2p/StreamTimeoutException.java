package io.caravan.libp2p;

/** A single wait for the peer lasted longer than the stream's deadline. The stream is still open; its user decides. */
public final class StreamTimeoutException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    /** The message says what was waited for and how long. */
    public StreamTimeoutException(String message) {
        super(message, null);
    }
}
