package io.caravan.libp2p;

import org.jspecify.annotations.Nullable;

/** What can go wrong between us and a peer. The subclasses say what to do about it. */
public abstract sealed class Libp2pException extends RuntimeException
        permits PeerUnreachableException, ProtocolUnsupportedException, PeerMisbehavedException, StreamResetException,
                StreamTimeoutException {

    private static final long serialVersionUID = 1L;

    Libp2pException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
