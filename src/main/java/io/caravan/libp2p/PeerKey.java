package io.caravan.libp2p;

import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import io.caravan.codec.ProtobufReader;
import io.caravan.codec.ProtobufWriter;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** The secret that makes us who we are: an Ed25519 libp2p private key. It prints as its peer id, never as itself. */
public final class PeerKey {

    private static final int SEED = Ed25519.SECRET_KEY_SIZE;

    private final byte[] seed;
    private final PeerPublicKey shared;
    private final PeerId id;

    private PeerKey(byte[] seed) {
        byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];
        Ed25519.generatePublicKey(seed, 0, point, 0);
        this.seed = seed;
        this.shared = new PeerPublicKey(PeerPublicKey.ED25519, Bytes.wrap(point));
        this.id = PeerId.of(shared);
    }

    /** A new Ed25519 key. */
    public static PeerKey generate(SecureRandom random) {
        byte[] seed = new byte[SEED];
        random.nextBytes(seed);
        return new PeerKey(seed);
    }

    /** The key of that seed of 32 bytes. */
    static PeerKey ofSeed(byte[] seed) {
        return new PeerKey(seed.clone());
    }

    /**
     * Reads the protobuf {@code PrivateKey{Type, Data}} that Lotus keeps in its keystore under {@code libp2p-host}.
     *
     * @throws IllegalArgumentException if it is no Ed25519 key of that form, or its halves do not belong together
     */
    public static PeerKey ofProtobuf(byte[] privateKey) {
        long type = -1;
        byte[] data = new byte[0];
        ProtobufReader in = new ProtobufReader(privateKey);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.varint();
                case 2 -> data = in.bytes(4096);
                default -> { }
            }
        }
        if (type != PeerPublicKey.ED25519) {
            throw new CodecException("our own peer key has to be Ed25519, this one has type " + type);
        }
        // seed ‖ public, and in an older form the public half once more.
        if (data.length != 64 && data.length != 96) {
            throw new CodecException("an Ed25519 peer key has 64 bytes, not " + data.length);
        }
        PeerKey key = new PeerKey(Arrays.copyOf(data, SEED));
        for (int at = SEED; at < data.length; at += SEED) {
            if (!Arrays.equals(key.shared.data().toArray(), Arrays.copyOfRange(data, at, at + SEED))) {
                throw new CodecException("the public half of the peer key does not belong to its secret half");
            }
        }
        return key;
    }

    /** The same form again, for the keystore. */
    public byte[] toProtobuf() {
        byte[] both = Arrays.copyOf(seed, 2 * SEED);
        System.arraycopy(shared.data().toArray(), 0, both, SEED, SEED);
        return new ProtobufWriter().varint(1, PeerPublicKey.ED25519).bytes(2, both).toByteArray();
    }

    /** The public half's id. */
    public PeerId peerId() {
        return id;
    }

    /** The public half. */
    PeerPublicKey publicKey() {
        return shared;
    }

    byte[] sign(byte[] message) {
        byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
        Ed25519.sign(seed, 0, message, 0, message.length, signature, 0);
        return signature;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
