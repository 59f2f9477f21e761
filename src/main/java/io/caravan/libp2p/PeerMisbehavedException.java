package io.caravan.libp2p;

import org.jspecify.annotations.Nullable;

/** The peer broke a rule of the protocol, or is not who it should be. The connection is closed. */
public final class PeerMisbehavedException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    /** The message says which rule. */
    public PeerMisbehavedException(String message) {
        super(message, null);
    }

    /** The message says which rule, the cause how it showed. */
    public PeerMisbehavedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
