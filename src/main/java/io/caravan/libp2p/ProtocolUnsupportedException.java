package io.caravan.libp2p;

import java.util.List;

/** The peer is there but speaks none of the protocols asked for. Trying again does not help until the peer changes. */
public final class ProtocolUnsupportedException extends Libp2pException {

    private static final long serialVersionUID = 1L;

    /** The protocols in the order offered. */
    public ProtocolUnsupportedException(PeerId peer, List<String> offered) {
        super("peer " + peer + " speaks none of " + String.join(", ", offered), null);
    }
}
