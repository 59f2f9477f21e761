package io.caravan.crypto;

import io.caravan.model.FilAddress;
import io.caravan.model.Network;
import io.caravan.model.Signature;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;

/** The wallet keys of a keystore, under the names Lotus gives them: {@code wallet-<address>} and {@code default}. */
public final class Wallet implements Signer {

    private static final String PREFIX = "wallet-";

    private final Keystore keystore;
    private final Network network;
    private final SecureRandom random;

    public Wallet(Keystore keystore, Network network, SecureRandom random) {
        this.keystore = keystore;
        this.network = network;
        this.random = random;
    }

    /** A new key of type secp256k1 or bls; the first key becomes the default. */
    public FilAddress generate(KeyType type) {
        return add(FilKey.generate(type, random));
    }

    /** Takes a key from elsewhere; importing one that is here already changes nothing. */
    public FilAddress importKey(KeyInfo info) {
        FilKey key = FilKey.of(info);
        return has(key.address()) ? key.address() : add(key);
    }

    /** @throws CryptoException when the wallet has no such key */
    public KeyInfo export(FilAddress address) {
        return key(address).info();
    }

    public List<FilAddress> list() {
        return keystore.list().stream().filter(name -> name.startsWith(PREFIX))
                .map(name -> FilAddress.parse(name.substring(PREFIX.length()))).distinct().toList();
    }

    @Override
    public boolean has(FilAddress address) {
        return find(address).isPresent();
    }

    /** Forgets a key, and the default when it was this one; may be called twice without harm. */
    public void delete(FilAddress address) {
        if (defaultAddress().filter(address::equals).isPresent()) {
            keystore.delete(Keystore.DEFAULT_WALLET);
        }
        for (Network letter : Network.values()) {
            keystore.delete(PREFIX + address.toString(letter));
        }
    }

    public Optional<FilAddress> defaultAddress() {
        return keystore.find(Keystore.DEFAULT_WALLET).map(info -> FilKey.of(info).address());
    }

    /** @throws CryptoException when the wallet has no such key */
    public void setDefault(FilAddress address) {
        KeyInfo info = export(address);
        keystore.delete(Keystore.DEFAULT_WALLET);
        keystore.put(Keystore.DEFAULT_WALLET, info);
    }

    @Override
    public Signature sign(FilAddress address, byte[] message) {
        return key(address).sign(message);
    }

    private FilKey key(FilAddress address) {
        KeyInfo info = find(address).orElseThrow(
                () -> new CryptoException("no key for " + address.toString(network) + " in this wallet"));
        FilKey key = FilKey.of(info);
        if (!key.address().equals(address)) {
            throw new CryptoException("the key file of " + address.toString(network) + " holds another key");
        }
        return key;
    }

    private Optional<KeyInfo> find(FilAddress address) {
        for (Network letter : Network.values()) {
            Optional<KeyInfo> info = keystore.find(PREFIX + address.toString(letter));
            if (info.isPresent()) {
                return info;
            }
        }
        return Optional.empty();
    }

    private FilAddress add(FilKey key) {
        keystore.put(PREFIX + key.address().toString(network), key.info());
        if (keystore.find(Keystore.DEFAULT_WALLET).isEmpty()) {
            keystore.put(Keystore.DEFAULT_WALLET, key.info());
        }
        return key.address();
    }
}
