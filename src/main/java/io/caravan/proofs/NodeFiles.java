package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Hashes;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** Reading and writing whole runs of nodes; a file becomes visible under its name only when it is all there. */
final class NodeFiles {

    private static final int BUFFER = 1 << 20;

    private NodeFiles() {
    }

    /** Writes a file that is not yet all there. */
    @FunctionalInterface
    interface Writer {
        void write(FileChannel channel) throws IOException;
    }

    /** @throws WrongFileException when it is missing or not exactly that long */
    static FileChannel open(Path file, long bytes) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            throw new WrongFileException(file + " is gone");
        }
        if (channel.size() != bytes) {
            long size = channel.size();
            channel.close();
            throw new WrongFileException(file + " has " + size + " bytes, not " + bytes);
        }
        return channel;
    }

    static boolean exists(Path file, long bytes) throws IOException {
        return Files.exists(file) && Files.size(file) == bytes;
    }

    /** Writes beside the name, to the disk, and then puts the file under its name. */
    static void replace(Path file, Writer writer) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.READ,
                StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            writer.write(channel);
            channel.force(true);
        }
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Gives the file its length with bytes on the disk: a full disk fails here and not when the file is mapped. */
    static void reserve(FileChannel channel, long bytes) throws IOException {
        byte[] zeros = new byte[(int) Math.min(BUFFER, bytes)];
        for (long at = 0; at < bytes; at += zeros.length) {
            write(channel, at, zeros, (int) Math.min(zeros.length, bytes - at));
        }
    }

    static void read(FileChannel channel, long at, byte[] into, int from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, from, length);
        long position = at;
        while (buffer.hasRemaining()) {
            int n = channel.read(buffer, position);
            if (n < 0) {
                throw new EOFException("the file ends at " + channel.size() + ", before byte " + (at + length));
            }
            position += n;
        }
    }

    static void write(FileChannel channel, long at, byte[] from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(from, 0, length);
        long position = at;
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
    }

    static Bytes sha256(Path file) throws IOException {
        MessageDigest digest = Hashes.newSha256();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
        return Bytes.wrap(digest.digest());
    }
}
