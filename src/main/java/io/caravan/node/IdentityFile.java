package io.caravan.node;

import io.caravan.crypto.CryptoException;
import io.caravan.crypto.KeyInfo;
import io.caravan.crypto.Keystore;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.PeerId;
import io.caravan.node.cli.RoleSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * A role's libp2p identity as a file, to carry it to another machine: the JSON that Lotus keeps under the name
 * {@code libp2p-host}.
 */
public final class IdentityFile {

    private static final long MOST_BYTES = 64 * 1024;

    private IdentityFile() {}

    /**
     * Writes the identity to a new file that only its owner can read.
     *
     * @return whose identity it is
     * @throws StartException when the role has none yet or the file exists
     */
    public static PeerId exported(NodeHome home, String role, Path file) {
        KeyInfo info = keystore(home, role).find(Keystore.LIBP2P_HOST).orElseThrow(() ->
                new StartException("the %s of %s has no identity yet: it is made by its first start".formatted(role, home.root())));
        try {
            if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
            Files.writeString(file, info.toJson(), StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw new StartException("there is a file %s already: name another one".formatted(file));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
        return peer(info);
    }

    /**
     * Takes the identity of a file in place of the role's own, which is kept under its peer id. The role must not run.
     *
     * @return whose identity it is from now on
     * @throws StartException when the role runs
     * @throws CryptoException when the file holds no identity
     */
    public static PeerId imported(NodeHome home, String role, Path file) {
        KeyInfo info = read(file);
        PeerId peer = peer(info);
        try (RoleLock held = RoleLock.take(home, role)) {
            Keystore keystore = keystore(home, role);
            keystore.find(Keystore.LIBP2P_HOST).filter(old -> !peer(old).equals(peer)).ifPresent(old -> {
                String name = Keystore.LIBP2P_HOST + "-" + peer(old);
                keystore.delete(name);
                keystore.put(name, old);
            });
            keystore.delete(Keystore.LIBP2P_HOST);
            keystore.put(Keystore.LIBP2P_HOST, info);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give the lock of the " + role + " back", e);
        }
        return peer;
    }

    private static KeyInfo read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new CryptoException(file + " is too large to be an identity");
            }
            return KeyInfo.parse(Files.readString(file));
        } catch (IOException e) {
            throw new CryptoException("cannot read " + file + ": " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new CryptoException(file + " holds no identity: " + e.getMessage());
        }
    }

    private static PeerId peer(KeyInfo info) {
        return PeerId.of(PrivKey.ofProtobuf(info.privateKey().toArray()).publicKey());
    }

    private static Keystore keystore(NodeHome home, String role) {
        return Keystores.unlocked(home, role, RoleSettings.load(home.root(), Map.of()));
    }
}
