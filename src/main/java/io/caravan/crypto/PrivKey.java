package io.caravan.crypto;

import io.caravan.codec.Bytes;
import io.caravan.codec.Hashes;
import io.caravan.codec.ProtobufWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/**
 * A libp2p identity's secret, Ed25519 or secp256k1, as protobuf {@code PrivateKey{Type=1, Data=2}} (libp2p.md §1.9). We
 * make Ed25519 only. It never prints its secret.
 */
public final class PrivKey {

    private static final int MAX_DATA = 128;

    private final PubKey.Kind kind;
    private final byte[] secret;
    private final PubKey publicKey;

    private PrivKey(PubKey.Kind kind, byte[] secret, byte[] publicData) {
        this.kind = kind;
        this.secret = secret;
        this.publicKey = PubKey.of(kind, Bytes.wrap(publicData));
    }

    public static PrivKey generate(SecureRandom random) {
        return ofEd25519Seed(Ed25519.generate(random));
    }

    public static PrivKey ofEd25519Seed(byte[] seed) {
        return new PrivKey(PubKey.Kind.ED25519, seed.clone(), Ed25519.publicKey(seed));
    }

    /** @throws CryptoException when it is broken, or of a kind we do not sign with (RSA, ECDSA) */
    public static PrivKey ofProtobuf(byte[] protobuf) {
        PubKey.KeyFields fields = PubKey.KeyFields.read(protobuf, MAX_DATA * 64);
        byte[] data = fields.data().toArray();
        return switch (fields.kind()) {
            case ED25519 -> ofEd25519(data);
            case SECP256K1 -> new PrivKey(PubKey.Kind.SECP256K1, data, Secp256k1.publicKey(data, true));
            default -> throw new CryptoException(fields.kind() + " identities are not supported; use Ed25519");
        };
    }

    private static PrivKey ofEd25519(byte[] data) {
        if (data.length != 64 && data.length != 96) {
            throw new CryptoException("an Ed25519 private key has 64 bytes (or 96, as older peers wrote it)");
        }
        PrivKey key = ofEd25519Seed(Arrays.copyOf(data, 32));
        for (int from = 32; from < data.length; from += 32) {
            if (!key.publicKey.data().equals(Bytes.of(data, from, from + 32))) {
                throw new CryptoException("an Ed25519 private key whose public half differs");
            }
        }
        return key;
    }

    public PubKey publicKey() {
        return publicKey;
    }

    /** Signs as libp2p does: Ed25519 plain, secp256k1 over sha2-256 in DER. */
    public byte[] sign(byte[] message) {
        if (kind == PubKey.Kind.ED25519) {
            return Ed25519.sign(secret, message);
        }
        byte[] rsv = Secp256k1.sign(secret, Hashes.sha256(message));
        try {
            return StandardDSAEncoding.INSTANCE.encode(Secp256k1.CURVE.getN(),
                    new BigInteger(1, Arrays.copyOfRange(rsv, 0, 32)),
                    new BigInteger(1, Arrays.copyOfRange(rsv, 32, 64)));
        } catch (IOException e) {
            throw new IllegalStateException("a signature did not become DER", e);
        }
    }

    /** The protobuf with the secret, as Lotus keeps it in {@link Keystore#LIBP2P_HOST}. */
    public byte[] toProtobuf() {
        byte[] data = kind == PubKey.Kind.ED25519
                ? Bytes.concat(Bytes.wrap(secret), publicKey.data()).toArray() : secret;
        return new ProtobufWriter().varint(1, kind.code()).bytes(2, data).toByteArray();
    }

    /** The keystore's form of this identity. */
    public KeyInfo toKeyInfo() {
        return new KeyInfo(KeyType.LIBP2P_HOST, Bytes.wrap(toProtobuf()));
    }

    @Override
    public String toString() {
        return "PrivKey[" + kind + ", secret]";
    }
}
