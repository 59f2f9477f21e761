package io.caravan.piece;

import io.caravan.codec.Cid;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CAR in a file (version 1, or 2 around it), read in place: opening reads it once and checks every block, then blocks are
 * served by CID and checked again, because the file is not ours alone. 32 bytes of memory a block. Reads are thread-safe.
 */
public final class CarFile implements BlockSource, Closeable {
    private final Path path;
    private final FileChannel file;
    private final CarSections sections;
    private final List<Cid> roots;
    private final long payloadStart;
    private final long payloadBytes;

    private CarFile(Path path, FileChannel file, CarLimits limits, boolean check) throws IOException {
        this.path = path;
        this.file = file;
        this.sections = new CarSections(file, limits);
        var reader = new CarReader(new BufferedInputStream(Channels.newInputStream(file), 1 << 16), limits);
        roots = reader.roots();
        payloadStart = reader.payloadStart();
        long sectionAt = reader.position();
        Block block = check ? reader.next() : reader.nextUnchecked();
        while (block != null) {
            sections.add(block.cid(), payloadStart + sectionAt);
            sectionAt = reader.position();
            block = check ? reader.next() : reader.nextUnchecked();
        }
        payloadBytes = sectionAt;
    }

    /**
     * Opens and checks the whole file.
     *
     * @throws MalformedCarException or {@link MalformedBlockException} when it is not a sound CAR within the limits
     */
    public static CarFile open(Path path, CarLimits limits) throws IOException {
        return open(path, limits, true);
    }

    /** Without hashing the blocks on the way: for a file that was checked before; served blocks are checked all the same. */
    static CarFile reopen(Path path, CarLimits limits) throws IOException {
        return open(path, limits, false);
    }

    private static CarFile open(Path path, CarLimits limits, boolean check) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
        try {
            return new CarFile(path, file, limits, check);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    public List<Cid> roots() {
        return roots;
    }

    /** Length of the CARv1 payload: the whole file for version 1. */
    public long payloadBytes() {
        return payloadBytes;
    }

    public int blocks() {
        return sections.size();
    }

    /** The CARv1 payload from its start; the caller closes the stream, which leaves this object open. */
    public InputStream payload() throws IOException {
        InputStream in = java.nio.file.Files.newInputStream(path);
        try {
            in.skipNBytes(payloadStart);
        } catch (IOException e) {
            in.close();
            throw e;
        }
        var limited = new CarInput(in);
        limited.startPayload(payloadBytes);
        return limited;
    }

    @Override
    public byte @Nullable [] find(Cid cid) throws IOException {
        byte[] inline = BlockSource.inline(cid);
        byte[] data = inline != null ? inline : sections.read(cid);
        return data == null ? null : Block.checked(cid, data).data();
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return BlockSource.inline(cid) != null || sections.has(cid);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
