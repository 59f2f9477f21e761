package io.caravan.crypto;

import io.caravan.codec.Hashes;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;

/** How the owner of one libp2p public key is believed. */
interface KeyVerifier {

    boolean verify(byte[] message, byte[] signature);

    /** Reads the key, so that a broken one is refused before a signature is looked at. */
    static KeyVerifier of(PubKey.Kind kind, byte[] data) {
        return switch (kind) {
            case ED25519 -> ed25519(data);
            case SECP256K1 -> secp256k1(data);
            case RSA -> rsa(data);
            case ECDSA -> ecdsa(data);
        };
    }

    private static KeyVerifier ed25519(byte[] data) {
        if (data.length != Ed25519.KEY_BYTES) {
            throw new CryptoException("an Ed25519 public key has 32 bytes");
        }
        return (message, signature) -> Ed25519.verify(data, message, signature);
    }

    private static KeyVerifier secp256k1(byte[] data) {
        if (data.length != 33) {
            throw new CryptoException("a secp256k1 public key has 33 bytes");
        }
        ECPublicKeyParameters key;
        try {
            key = new ECPublicKeyParameters(Secp256k1.CURVE.getCurve().decodePoint(data), Secp256k1.CURVE);
        } catch (IllegalArgumentException e) {
            throw new CryptoException("not a secp256k1 public key", e);
        }
        return (message, signature) -> {
            try {
                BigInteger[] rs = StandardDSAEncoding.INSTANCE.decode(Secp256k1.CURVE.getN(), signature);
                ECDSASigner signer = new ECDSASigner();
                signer.init(false, key);
                return signer.verifySignature(Hashes.sha256(message), rs[0], rs[1]);
            } catch (IOException | RuntimeException e) {
                // The DER reader throws more than it declares for bytes that are no DER.
                return false;
            }
        };
    }

    private static KeyVerifier rsa(byte[] data) {
        RSAPublicKey key = (RSAPublicKey) read("RSA", data);
        int bits = key.getModulus().bitLength();
        if (bits < 2048 || bits > 8192) {
            throw new CryptoException("an RSA key of " + bits + " bits");
        }
        return (message, signature) -> verify("SHA256withRSA", key, message, signature);
    }

    private static KeyVerifier ecdsa(byte[] data) {
        ECPublicKey key = (ECPublicKey) read("EC", data);
        if (key.getParams().getOrder().bitLength() != 256) {
            throw new CryptoException("an ECDSA key that is not P-256");
        }
        return (message, signature) -> verify("SHA256withECDSA", key, message, signature);
    }

    private static PublicKey read(String algorithm, byte[] data) {
        try {
            return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(data));
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new CryptoException("not an " + algorithm + " public key", e);
        }
    }

    private static boolean verify(String algorithm, PublicKey key, byte[] message, byte[] signature) {
        try {
            Signature check = Signature.getInstance(algorithm);
            check.initVerify(key);
            check.update(message);
            return check.verify(signature);
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
