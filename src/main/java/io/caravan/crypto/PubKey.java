package io.caravan.crypto;

import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import io.caravan.codec.ProtobufReader;
import io.caravan.codec.ProtobufWriter;
import org.jspecify.annotations.Nullable;

/**
 * A libp2p public key: protobuf {@code PublicKey{Type=1, Data=2}} (libp2p.md §1.9). Only sound keys exist: the point or
 * modulus was read and its size checked, RSA 2048 … 8192 bits, before anything is verified with it.
 */
public final class PubKey {

    /** The kinds by their code on the wire. */
    public enum Kind {
        RSA(0), ED25519(1), SECP256K1(2), ECDSA(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        static Kind ofCode(long code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new CryptoException("libp2p key type " + code);
        }
    }

    private static final int MAX_DATA = 4096;

    private final Kind kind;
    private final Bytes data;
    private final KeyVerifier verifier;

    private PubKey(Kind kind, Bytes data) {
        this.kind = kind;
        this.data = data;
        this.verifier = KeyVerifier.of(kind, data.toArray());
    }

    public static PubKey of(Kind kind, Bytes data) {
        return new PubKey(kind, data);
    }

    /** @throws CryptoException when the protobuf or the key in it is broken */
    public static PubKey ofProtobuf(byte[] protobuf) {
        KeyFields fields = KeyFields.read(protobuf, MAX_DATA);
        return new PubKey(fields.kind(), fields.data());
    }

    public Kind kind() {
        return kind;
    }

    /** The key in its kind's own form. */
    public Bytes data() {
        return data;
    }

    public byte[] toProtobuf() {
        return new ProtobufWriter().varint(1, kind.code()).bytes(2, data).toByteArray();
    }

    /** Whether the key's owner signed {@code message}; false for anything malformed. */
    public boolean verify(byte[] message, byte[] signature) {
        return verifier.verify(message, signature);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PubKey that && kind == that.kind && data.equals(that.data);
    }

    @Override
    public int hashCode() {
        return 31 * kind.hashCode() + data.hashCode();
    }

    @Override
    public String toString() {
        return kind + " " + data;
    }

    /** The two fields both key protobufs have. */
    record KeyFields(Kind kind, Bytes data) {

        static KeyFields read(byte[] protobuf, int maxData) {
            @Nullable Kind kind = null;
            @Nullable Bytes data = null;
            try {
                ProtobufReader in = new ProtobufReader(protobuf);
                while (in.next()) {
                    if (in.field() == 1) {
                        kind = Kind.ofCode(in.varint());
                    } else if (in.field() == 2) {
                        data = Bytes.wrap(in.bytes(maxData));
                    }
                }
            } catch (CodecException e) {
                throw new CryptoException("not a libp2p key", e);
            }
            if (kind == null || data == null) {
                throw new CryptoException("a libp2p key has a type and data");
            }
            return new KeyFields(kind, data);
        }
    }
}
