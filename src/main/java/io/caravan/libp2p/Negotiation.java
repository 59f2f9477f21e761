package io.caravan.libp2p;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One side of a multistream-select negotiation (spec libp2p 1.2): pure, fed with what arrives, writes what is to be
 * sent.
 */
interface Negotiation {

    /** What we say without waiting. */
    void start(ByteBuf out);

    /**
     * Takes what arrived and stops right behind the word that decides; the rest belongs to the next layer.
     *
     * @return whether it is over
     * @throws PeerMisbehavedException if the peer does not speak the protocol
     */
    boolean feed(ByteBuf in, ByteBuf out);

    /** The protocol agreed on; null as long as there is none, and for good if it is over without one. */
    @Nullable String selected();
}
