package io.caravan.crypto;

import io.caravan.codec.Base32;
import io.caravan.codec.CodecException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Secrets as files of a folder, laid out as in a Lotus repository's {@code keystore}: the file's name is the base32 of
 * the secret's name, its content the JSON of {@link KeyInfo}. Files are 0600, the folder 0700; a file appears whole or
 * not at all. A sealed keystore keeps the same files sealed ({@link KeySeal}), and beside them the seal; while it is being
 * sealed or opened it has files of both forms and reads both.
 */
public final class FileKeystore implements Keystore {

    private static final int MAX_FILE = 16384;
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");

    private static final String SEAL = ".seal";
    private static final String FRESH = ".new-";

    private final Path folder;
    private final Optional<Passphrase> passphrase;
    private @Nullable KeySeal seal;

    /** How many secrets a keystore has, and how many of them are sealed. */
    public record Standing(boolean isSealed, int secrets, int sealed) {}

    /** Opens the folder, making it when it is not there; secrets of a sealed one are not to be had. */
    public FileKeystore(Path folder) {
        this(folder, Optional.empty());
    }

    /** Opens the folder, making it when it is not there. */
    public FileKeystore(Path folder, Optional<Passphrase> passphrase) {
        this.folder = folder;
        this.passphrase = passphrase;
        try {
            Files.createDirectories(folder);
            if (isPosix()) {
                Files.setPosixFilePermissions(folder, OWNER_FOLDER);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the keystore " + folder, e);
        }
    }

    @Override
    public List<String> list() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).flatMap(FileKeystore::nameOf).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the keystore " + folder, e);
        }
    }

    @Override
    public Optional<KeyInfo> find(String name) {
        Path file = file(name);
        try {
            if (Files.size(file) > MAX_FILE) {
                throw new CryptoException("the key file " + file + " is too large to be one");
            }
            if (isPosix() && !OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                throw new CryptoException("the key file " + file + " is open to others; chmod 600 it");
            }
            String text = Files.readString(file);
            return Optional.of(KeyInfo.parse(KeySeal.isSealed(text) ? needed().opened(name, text) : text));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key file " + file, e);
        }
    }

    @Override
    public void put(String name, KeyInfo info) {
        Path file = file(name);
        try {
            Path fresh = Files.createTempFile(folder, FRESH, null, attributes());
            try {
                writeDurably(fresh, isSealed() ? needed().sealed(name, info.toJson()) : info.toJson());
                appear(fresh, file);
            } catch (FileAlreadyExistsException e) {
                throw new CryptoException("the keystore already has a key named " + name, e);
            } finally {
                Files.deleteIfExists(fresh);
            }
            syncFolder();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the key file " + file, e);
        }
    }

    @Override
    public void delete(String name) {
        try {
            Files.deleteIfExists(file(name));
            syncFolder();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the key file " + file(name), e);
        }
    }

    /** Whether a seal lies beside the secrets. */
    public boolean isSealed() {
        return Files.exists(folder.resolve(SEAL));
    }

    /** Counts; needs no passphrase. */
    public Standing standing() {
        List<String> names = list();
        return new Standing(isSealed(), names.size(), (int) names.stream().filter(name -> KeySeal.isSealed(text(name))).count());
    }

    /**
     * Opens the seal, once; without harm where there is none.
     *
     * @throws CryptoException in a sentence: no passphrase was given, or another one
     */
    public void unlock() {
        if (isSealed()) {
            needed();
        }
    }

    /** Seals every secret; goes on where it was cut short. The files of before are replaced one by one. */
    public void encrypt() {
        Passphrase with = passphrase.orElseThrow(() -> new CryptoException("there is no passphrase to encrypt the keystore " + folder + " with"));
        if (!isSealed()) {
            KeySeal fresh = KeySeal.fresh();
            replace(folder.resolve(SEAL), fresh.locked(with));
        }
        KeySeal open = needed();
        removeLeftovers();
        list().forEach(name -> {
            String text = text(name);
            if (!KeySeal.isSealed(text)) {
                replace(file(name), open.sealed(name, text));
            }
        });
    }

    /** What a write that was killed left beside the keys holds a secret too. */
    private void removeLeftovers() {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.getFileName().toString().startsWith(FRESH)).toList()) {
                Files.deleteIfExists(file);
            }
            syncFolder();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot clear the keystore " + folder, e);
        }
    }

    /** Puts every secret back into the open; goes on where it was cut short. */
    public void decrypt() {
        if (!isSealed()) {
            return;
        }
        KeySeal open = needed();
        list().forEach(name -> {
            String text = text(name);
            if (KeySeal.isSealed(text)) {
                replace(file(name), open.opened(name, text));
            }
        });
        try {
            Files.deleteIfExists(folder.resolve(SEAL));
            syncFolder();
            seal = null;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove the seal of " + folder, e);
        }
    }

    /** Another passphrase from now on: one file, old or new. */
    public void changePassphrase(Passphrase next) {
        if (!isSealed()) {
            throw new CryptoException("the keystore " + folder + " is not encrypted");
        }
        replace(folder.resolve(SEAL), needed().locked(next));
    }

    private synchronized KeySeal needed() {
        if (seal == null) {
            Passphrase with = passphrase.orElseThrow(() -> new CryptoException("the keystore " + folder
                    + " is encrypted and no passphrase is given: name its file by caravan.keystore.passphrase-file"));
            try {
                seal = KeySeal.unlocked(Files.readString(folder.resolve(SEAL)), with);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read the seal of " + folder, e);
            }
        }
        return seal;
    }

    private String text(String name) {
        try {
            return Files.readString(file(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the key file " + file(name), e);
        }
    }

    private void replace(Path file, String text) {
        try {
            Path fresh = Files.createTempFile(folder, FRESH, null, attributes());
            try {
                writeDurably(fresh, text);
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(fresh);
            }
            syncFolder();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private Path file(String name) {
        return folder.resolve(Base32.encode(name.getBytes(StandardCharsets.UTF_8)).toUpperCase(Locale.ROOT));
    }

    private static Stream<String> nameOf(String fileName) {
        try {
            return Stream.of(new String(Base32.decode(fileName.toLowerCase(Locale.ROOT)), StandardCharsets.UTF_8));
        } catch (CodecException e) {
            return Stream.empty();
        }
    }

    /** A hard link, unlike a rename, refuses a name that is taken; not every file system has links. */
    private static void appear(Path fresh, Path file) throws IOException {
        try {
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            if (Files.exists(file)) {
                throw new FileAlreadyExistsException(file.toString());
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void writeDurably(Path file, String text) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private void syncFolder() throws IOException {
        if (isPosix()) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    private FileAttribute<?>[] attributes() {
        return isPosix() ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER)}
                : new FileAttribute<?>[0];
    }

    private boolean isPosix() {
        return folder.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
