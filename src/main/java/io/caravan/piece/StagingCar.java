package io.caravan.piece;

import io.caravan.codec.Cid;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A CARv1 that grows as blocks arrive, with commP computed on the way: when the last block is in, so is the commitment.
 *
 * <p>Blocks that arrive in the order of {@link DagTraversal} make the file byte-identical to the sender's {@link DagCar}. A
 * file left behind by a crash is taken up again with {@link #resume}, which drops a torn last section. Identity blocks are put
 * like any other: {@link #has} finds them before, but the sender's CAR lists them. Not thread-safe.
 */
public final class StagingCar implements BlockStore, Closeable {
    private final FileChannel file;
    private final CarSections sections;
    private final CommPStream commP;
    private final Cid root;
    private final CarLimits limits;
    private long bytes;
    private @Nullable PieceCommitment commitment;

    private StagingCar(FileChannel file, Cid root, CarLimits limits, CommPStream commP) {
        this.file = file;
        this.root = root;
        this.limits = limits;
        this.sections = new CarSections(file, limits);
        this.commP = commP;
    }

    /** Starts a new file; whatever was at the path is gone. Hashes on the thread that puts. */
    public static StagingCar create(Path path, Cid root, CarLimits limits) throws IOException {
        return create(path, root, limits, new CommPStream());
    }

    /** As {@link #create(Path, Cid, CarLimits)}, hashing with a fresh stream of the caller's choice. */
    public static StagingCar create(Path path, Cid root, CarLimits limits, CommPStream commP) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        return opened(file, new StagingCar(file, root, limits, commP), false);
    }

    /**
     * Goes on with what is there: reads it once, keeps the sound blocks at its start, cuts off the rest. A file that does not
     * start with this root's header, or none at all, is started anew.
     */
    public static StagingCar resume(Path path, Cid root, CarLimits limits) throws IOException {
        return resume(path, root, limits, new CommPStream());
    }

    /** As {@link #resume(Path, Cid, CarLimits)}, hashing with a fresh stream of the caller's choice. */
    public static StagingCar resume(Path path, Cid root, CarLimits limits, CommPStream commP) throws IOException {
        FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE,
                StandardOpenOption.READ, StandardOpenOption.WRITE);
        return opened(file, new StagingCar(file, root, limits, commP), true);
    }

    private static StagingCar opened(FileChannel file, StagingCar car, boolean keep) throws IOException {
        try {
            if (!keep || !car.takeUp()) {
                file.truncate(0);
                car.append(CarHeader.encode(List.of(car.root)), new byte[0]);
            }
            return car;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Feeds what the file soundly holds to index and commP; false when there is not even a header of ours. */
    private boolean takeUp() throws IOException {
        byte[] header = CarHeader.encode(List.of(root));
        var in = new java.io.BufferedInputStream(Channels.newInputStream(file.position(0)), 1 << 16);
        in.mark(header.length + 1);
        if (!Arrays.equals(in.readNBytes(header.length), header)) {
            return false;
        }
        in.reset();
        commP.write(header);
        bytes = header.length;
        var reader = new CarReader(in, limits);
        try {
            for (Block block = reader.next(); block != null; block = reader.next()) {
                byte[] head = CarWriter.sectionHead(block.cid(), block.data().length);
                sections.add(block.cid(), bytes);
                commP.write(head);
                commP.write(block.data());
                bytes += head.length + block.data().length;
            }
        } catch (MalformedCarException | MalformedBlockException torn) {
            // What follows the last sound block was not all written when the machine stopped; it comes again.
        }
        file.truncate(bytes);
        return true;
    }

    /** Appends the block unless it is here already; see {@link BlockStore#put}. Past the limits: an exception. */
    @Override
    public boolean put(Block block) throws IOException {
        return putVerified(sections.has(block.cid()) ? block : Block.checked(block.cid(), block.data()));
    }

    /** As {@link #put} for a block whose CID was made by hashing these very bytes, so that they are not hashed twice. */
    public boolean putVerified(Block block) throws IOException {
        if (commitment != null) {
            throw new IllegalStateException("The CAR is finished");
        }
        if (sections.has(block.cid())) {
            return false;
        }
        byte[] head = CarWriter.sectionHead(block.cid(), block.data().length);
        if (head.length + block.data().length > limits.maxSectionBytes()) {
            throw new MalformedBlockException("Block " + block.cid() + " makes a section past the CAR's limit");
        }
        if (sections.size() >= limits.maxBlocks()) {
            throw new MalformedCarException("The CAR has more than " + limits.maxBlocks() + " blocks");
        }
        long offset = bytes;
        append(head, block.data());
        sections.add(block.cid(), offset);
        return true;
    }

    /** Counts only what was wholly written: after a failed write the same place is written again. */
    private void append(byte[] head, byte[] data) throws IOException {
        var section = new ByteBuffer[] {ByteBuffer.wrap(head), ByteBuffer.wrap(data)};
        file.position(bytes);
        while (section[0].hasRemaining() || section[1].hasRemaining()) {
            file.write(section);
        }
        commP.write(head);
        commP.write(data);
        bytes += head.length + data.length;
    }

    /** Bytes of the CAR so far. */
    public long bytes() {
        return bytes;
    }

    /** Blocks in it so far. */
    public int blocks() {
        return sections.size();
    }

    /** Makes what was put survive a power cut. */
    public void force() throws IOException {
        file.force(false);
    }

    /** Ends the CAR, forces it to disk and gives its commitment; afterwards it is read-only. May be called again. */
    public PieceCommitment finish() throws IOException {
        if (commitment == null) {
            force();
            commitment = commP.finish();
        }
        return commitment;
    }

    /** Copies the whole CAR, as far as it has come. */
    public void copyTo(OutputStream out) throws IOException {
        var target = Channels.newChannel(out);
        long at = 0;
        while (at < bytes) {
            at += file.transferTo(at, bytes - at, target);
        }
    }

    @Override
    public byte @Nullable [] find(Cid cid) throws IOException {
        byte[] data = sections.read(cid);
        return data != null ? data : BlockSource.inline(cid);
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return sections.has(cid) || BlockSource.inline(cid) != null;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
