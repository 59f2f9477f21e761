package io.caravan.libp2p;

import java.security.SecureRandom;

/** The secret that makes us who we are: a libp2p private key. It prints as its peer id, never as itself. */
public final class PeerKey {

    private PeerKey() {}

    /** A new Ed25519 key. */
    public static PeerKey generate(SecureRandom random) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /**
     * Reads the protobuf {@code PrivateKey{Type, Data}} that Lotus keeps in its keystore under {@code libp2p-host}.
     *
     * @throws IllegalArgumentException if it is no Ed25519 key of that form
     */
    public static PeerKey ofProtobuf(byte[] privateKey) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** The same form again, for the keystore. */
    public byte[] toProtobuf() {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** The public half's id. */
    public PeerId peerId() {
        throw new UnsupportedOperationException("in a few minutes");
    }
}
