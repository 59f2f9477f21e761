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

/**
 * Secrets as files of a folder, laid out as in a Lotus repository's {@code keystore}: the file's name is the base32 of
 * the secret's name, its content the JSON of {@link KeyInfo}. Files are 0600, the folder 0700; a file appears whole or
 * not at all.
 */
public final class FileKeystore implements Keystore {

    private static final int MAX_FILE = 16384;
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");

    private final Path folder;

    /** Opens the folder, making it when it is not there. */
    public FileKeystore(Path folder) {
        this.folder = folder;
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
            return Optional.of(KeyInfo.parse(Files.readString(file)));
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
            Path fresh = Files.createTempFile(folder, ".new-", null, attributes());
            try {
                writeDurably(fresh, info.toJson());
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
