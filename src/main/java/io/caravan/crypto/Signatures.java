package io.caravan.crypto;

import io.caravan.codec.Hashes;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import java.util.Arrays;

/** Checks signatures against the key address that must have made them (wire-protocols §2.2). */
public final class Signatures {

    private Signatures() {
    }

    /**
     * Whether {@code signer} signed {@code message}. False for every mismatch, also of scheme and address kind.
     *
     * @throws CryptoException when {@code signer} is no key address: an f0 must be resolved first (StateAccountKey), an
     *     f2 or a contract must be asked on chain; or when BLS is needed and not available here
     */
    public static boolean verify(Signature signature, FilAddress signer, byte[] message) {
        byte[] data = signature.data().toArray();
        return switch (signer.protocol()) {
            case FilAddress.SECP256K1 -> signature.type() == SignatureType.SECP256K1
                    && Secp256k1.recover(Hashes.blake2b256(message), data)
                            .map(key -> FilAddress.ofSecp256k1Key(key).equals(signer)).orElse(false);
            case FilAddress.BLS -> signature.type() == SignatureType.BLS
                    && BlsProvider.ofThisMachine().verify(signer.payload().toArray(), message, data);
            case FilAddress.DELEGATED -> signature.type() == SignatureType.DELEGATED
                    && Secp256k1.recover(Hashes.keccak256(message), data)
                            .map(key -> ethereum(key).equals(signer)).orElse(false);
            default -> throw new CryptoException(
                    signer + " names no key; resolve it to a key address before checking its signature");
        };
    }

    private static FilAddress ethereum(byte[] publicKey) {
        byte[] hash = Hashes.keccak256(Arrays.copyOfRange(publicKey, 1, publicKey.length));
        return FilAddress.ofDelegated(FilAddress.ETHEREUM, Arrays.copyOfRange(hash, 12, 32));
    }
}
