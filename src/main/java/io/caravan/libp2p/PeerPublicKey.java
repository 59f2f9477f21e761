package io.caravan.libp2p;

import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import io.caravan.codec.Hashes;
import io.caravan.codec.ProtobufReader;
import io.caravan.codec.ProtobufWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.rfc8032.Ed25519;

/**
 * A peer's public key, {@code PublicKey{KeyType Type = 1; bytes Data = 2}} (spec libp2p 1.9). It is known to be well-formed; an RSA key is
 * known to be of a size that can be verified without burning our time.
 */
record PeerPublicKey(int type, Bytes data) {

    static final int RSA = 0;
    static final int ED25519 = 1;
    static final int SECP256K1 = 2;
    static final int ECDSA = 3;

    private static final int MAX_DATA = 1200;
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;
    private static final X9ECParameters K1 = CustomNamedCurves.getByName("secp256k1");

    PeerPublicKey {
        switch (type) {
            case ED25519 -> {
                if (data.size() != Ed25519.PUBLIC_KEY_SIZE) {
                    throw new CodecException("an Ed25519 key of " + data.size() + " bytes");
                }
            }
            case SECP256K1 -> {
                if (data.size() != 33) {
                    throw new CodecException("a secp256k1 key of " + data.size() + " bytes");
                }
                point(data);
            }
            case RSA, ECDSA -> jdkKey(type, data);
            default -> throw new CodecException("a key of unknown type " + type);
        }
    }

    static PeerPublicKey ofProtobuf(byte[] encoded) {
        long type = -1;
        byte[] data = null;
        ProtobufReader in = new ProtobufReader(encoded);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> type = in.varint();
                case 2 -> data = in.bytes(MAX_DATA);
                default -> { }
            }
        }
        if (type < 0 || type > ECDSA || data == null) {
            throw new CodecException("a key without a type that we know, or without data");
        }
        return new PeerPublicKey((int) type, Bytes.wrap(data));
    }

    byte[] toProtobuf() {
        return new ProtobufWriter().varint(1, type).bytes(2, data).toByteArray();
    }

    /** Whether this key made that signature over the message; never throws for a malformed signature. */
    boolean verify(byte[] message, byte[] signature) {
        return switch (type) {
            case ED25519 -> signature.length == Ed25519.SIGNATURE_SIZE
                    && Ed25519.verify(signature, 0, data.toArray(), 0, message, 0, message.length);
            case SECP256K1 -> verifyK1(message, signature);
            default -> verifyJdk(message, signature);
        };
    }

    private boolean verifyK1(byte[] message, byte[] signature) {
        try {
            BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(K1.getN(), signature);
            ECDSASigner signer = new ECDSASigner();
            signer.init(false, point(data));
            return signer.verifySignature(Hashes.sha256(message), rs[0], rs[1]);
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private boolean verifyJdk(byte[] message, byte[] signature) {
        try {
            Signature verifier = Signature.getInstance(type == RSA ? "SHA256withRSA" : "SHA256withECDSA");
            verifier.initVerify(jdkKey(type, data));
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static ECPublicKeyParameters point(Bytes data) {
        try {
            return new ECPublicKeyParameters(K1.getCurve().decodePoint(data.toArray()),
                    new ECDomainParameters(K1.getCurve(), K1.getG(), K1.getN(), K1.getH()));
        } catch (IllegalArgumentException e) {
            throw new CodecException("no point of secp256k1", e);
        }
    }

    private static PublicKey jdkKey(int type, Bytes data) {
        try {
            PublicKey key = KeyFactory.getInstance(type == RSA ? "RSA" : "EC").generatePublic(new X509EncodedKeySpec(data.toArray()));
            if (key instanceof RSAPublicKey rsa) {
                int bits = rsa.getModulus().bitLength();
                if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
                    throw new CodecException("an RSA key of " + bits + " bits, we take " + MIN_RSA_BITS + " to " + MAX_RSA_BITS);
                }
            } else if (key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() != 256) {
                throw new CodecException("an ECDSA key of another curve than P-256");
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new CodecException("a key that cannot be read", e);
        }
    }
}
