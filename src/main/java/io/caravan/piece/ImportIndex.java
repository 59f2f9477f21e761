package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/**
 * What an import keeps beside the user's file: where the file is, what it looked like, the leaf CIDs in file order (their
 * offsets follow from the chunk size) and the inner nodes. About 40 bytes for each MiB of the file.
 *
 * <p>On disk: magic, fields, leaves, nodes, SHA-256 of it all; written aside and renamed, so there is a whole one or none.
 */
record ImportIndex(Kind kind, Path source, FileStamp stamp, Cid root, int chunkBytes, List<Cid> leaves, List<Block> nodes) {
    enum Kind { UNIXFS, CAR }

    private static final int MAGIC = 0x43564932;
    private static final int DIGEST = 32;
    /** A 4 TiB file in 1 MiB leaves; far above what one piece holds. */
    private static final int MAX_ENTRIES = 1 << 22;

    ImportIndex {
        leaves = List.copyOf(leaves);
        nodes = List.copyOf(nodes);
    }

    void save(Path file) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(new BufferedOutputStream(bytes))) {
            out.writeInt(MAGIC);
            out.writeByte(kind.ordinal());
            writeBytes(out, source.toString().getBytes(StandardCharsets.UTF_8));
            out.writeLong(stamp.bytes());
            out.writeLong(stamp.modifiedNanos());
            writeBytes(out, root.toBytes());
            out.writeInt(chunkBytes);
            out.writeInt(leaves.size());
            for (Cid leaf : leaves) {
                writeBytes(out, leaf.toBytes());
            }
            out.writeInt(nodes.size());
            for (Block node : nodes) {
                writeBytes(out, node.cid().toBytes());
                writeBytes(out, node.data());
            }
        }
        byte[] body = bytes.toByteArray();
        Path aside = file.resolveSibling(file.getFileName() + ".new");
        try (var channel = java.nio.channels.FileChannel.open(aside, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            var out = java.nio.channels.Channels.newOutputStream(channel);
            out.write(body);
            out.write(Hashes.sha256(body));
            channel.force(true);
        }
        Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static ImportIndex load(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        int bodyBytes = all.length - DIGEST;
        byte[] body = bodyBytes < 0 ? new byte[0] : Arrays.copyOf(all, bodyBytes);
        if (bodyBytes < 0 || !Arrays.equals(Hashes.sha256(body), Arrays.copyOfRange(all, bodyBytes, all.length))) {
            throw new IOException("Import index " + file + " is damaged; import the file again");
        }
        try (var in = new DataInputStream(new BufferedInputStream(new ByteArrayInputStream(body)))) {
            return read(in);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | IOException e) {
            throw new IOException("Import index " + file + " cannot be read; import the file again", e);
        }
    }

    private static ImportIndex read(DataInputStream in) throws IOException {
        if (in.readInt() != MAGIC) {
            throw new IOException("not an import index");
        }
        Kind kind = Kind.values()[in.readByte()];
        Path source = Path.of(new String(readBytes(in, 1 << 16), StandardCharsets.UTF_8));
        var stamp = new FileStamp(in.readLong(), in.readLong());
        Cid root = readCid(in);
        int chunkBytes = in.readInt();
        var leaves = new java.util.ArrayList<Cid>();
        for (int n = count(in); n > 0; n--) {
            leaves.add(readCid(in));
        }
        var nodes = new java.util.ArrayList<Block>();
        for (int n = count(in); n > 0; n--) {
            nodes.add(new Block(readCid(in), readBytes(in, Block.MAX_BYTES)));
        }
        return new ImportIndex(kind, source, stamp, root, chunkBytes, leaves, nodes);
    }

    private static int count(DataInputStream in) throws IOException {
        int count = in.readInt();
        if (count < 0 || count > MAX_ENTRIES) {
            throw new IOException(count + " entries");
        }
        return count;
    }

    private static void writeBytes(DataOutputStream out, byte[] value) throws IOException {
        out.writeInt(value.length);
        out.write(value);
    }

    private static Cid readCid(DataInputStream in) throws IOException {
        return Cid.ofBytes(readBytes(in, Cid.MAX_BYTES));
    }

    private static byte[] readBytes(DataInputStream in, int max) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > max) {
            throw new IOException("a field of " + length + " bytes");
        }
        byte[] value = in.readNBytes(length);
        if (value.length < length) {
            throw new IOException("ends early");
        }
        return value;
    }
}
