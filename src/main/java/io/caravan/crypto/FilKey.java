package io.caravan.crypto;

import io.caravan.codec.Bytes;
import io.caravan.codec.Hashes;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;
import java.security.SecureRandom;

/** A wallet key with its address: it signs, and it never prints its secret. */
public final class FilKey {

    private final KeyInfo info;
    private final FilAddress address;

    private FilKey(KeyInfo info, FilAddress address) {
        this.info = info;
        this.address = address;
    }

    /** A new key of type secp256k1 or bls. */
    public static FilKey generate(KeyType type, SecureRandom random) {
        return of(new KeyInfo(type, Bytes.wrap(switch (type) {
            case SECP256K1 -> Secp256k1.generate(random);
            case BLS -> BlsProvider.ofThisMachine().generate(seed(random));
            default -> throw new CryptoException(type.wireName() + " is not a wallet key type");
        })));
    }

    /** The key of {@code info}; derives the address, so a broken secret is refused here. */
    public static FilKey of(KeyInfo info) {
        byte[] secret = info.privateKey().toArray();
        return new FilKey(info, switch (info.type()) {
            case SECP256K1 -> FilAddress.ofSecp256k1Key(Secp256k1.publicKey(secret, false));
            case BLS -> FilAddress.ofBlsKey(BlsProvider.ofThisMachine().publicKey(secret));
            default -> throw new CryptoException(info.type().wireName() + " is not a wallet key type");
        });
    }

    /** The key's own address, f1 or f3. */
    public FilAddress address() {
        return address;
    }

    public KeyType type() {
        return info.type();
    }

    /** The secret, for export and the keystore. */
    public KeyInfo info() {
        return info;
    }

    /** Signs {@code message} as the network does: secp256k1 over its blake2b-256, BLS over the message itself. */
    public Signature sign(byte[] message) {
        byte[] secret = info.privateKey().toArray();
        return info.type() == KeyType.SECP256K1
                ? new Signature(SignatureType.SECP256K1,
                        Bytes.wrap(Secp256k1.sign(secret, Hashes.blake2b256(message))))
                : new Signature(SignatureType.BLS,
                        Bytes.wrap(BlsProvider.ofThisMachine().sign(secret, message)));
    }

    @Override
    public String toString() {
        return address.toString();
    }

    private static byte[] seed(SecureRandom random) {
        byte[] seed = new byte[32];
        random.nextBytes(seed);
        return seed;
    }
}
