package io.caravan.piece;

import io.caravan.codec.Cid;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A user's file served as blocks without a copy of it: leaves are read from the file itself, only inner nodes are kept.
 *
 * <p>The file must stay where it is and as it is. That is checked by length and time when it is opened, and by the hash of
 * every block that is served: bytes that are not what was imported never leave this class. Reads are thread-safe; a thread
 * interrupted while it reads closes the file for all, as {@link FileChannel} does.
 */
public final class ImportedFile implements BlockSource, Closeable {
    private final ImportIndex index;
    private final FileChannel file;
    private final @Nullable CarFile car;
    private final Map<Cid, Integer> leaves = new HashMap<>();
    private final Map<Cid, byte[]> nodes = new HashMap<>();

    private ImportedFile(ImportIndex index, FileChannel file, @Nullable CarFile car) {
        this.index = index;
        this.file = file;
        this.car = car;
        for (int i = 0; i < index.leaves().size(); i++) {
            leaves.putIfAbsent(index.leaves().get(i), i);
        }
        index.nodes().forEach(node -> nodes.put(node.cid(), node.data()));
    }

    /**
     * Imports a plain file as UnixFS: reads it once, writes {@code indexFile}, and opens the result.
     *
     * @throws ImportChangedException when the file changes while it is read
     */
    public static ImportedFile importFile(Path source, Path indexFile, UnixFsLayout layout) throws IOException {
        Path absolute = source.toAbsolutePath().normalize();
        FileStamp stamp = FileStamp.of(absolute);
        var collected = new Collector();
        Cid root;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(absolute), 1 << 16)) {
            root = UnixFsBuilder.build(in, layout, collected);
        }
        stamp.require(absolute);
        new ImportIndex(ImportIndex.Kind.UNIXFS, absolute, stamp, root, layout.chunkBytes(), collected.leaves,
                collected.nodes).save(indexFile);
        return open(indexFile);
    }

    /**
     * Imports a CAR (version 1 or 2) in place: it must be sound, have exactly one root, and hold the root's block.
     *
     * @throws MalformedCarException or {@link MalformedBlockException} saying what is wrong with it
     */
    public static ImportedFile importCar(Path source, Path indexFile) throws IOException {
        Path absolute = source.toAbsolutePath().normalize();
        FileStamp stamp = FileStamp.of(absolute);
        Cid root;
        try (CarFile car = CarFile.open(absolute, CarLimits.DEFAULT)) {
            if (car.roots().size() != 1) {
                throw new MalformedCarException(
                        "CAR " + absolute + " has " + car.roots().size() + " roots; an import has exactly one");
            }
            root = car.roots().get(0);
            if (!car.has(root)) {
                throw new MalformedCarException("CAR " + absolute + " does not hold its root " + root);
            }
        }
        stamp.require(absolute);
        new ImportIndex(ImportIndex.Kind.CAR, absolute, stamp, root, 0, List.of(), List.of()).save(indexFile);
        return open(indexFile);
    }

    /**
     * Opens an import by its index.
     *
     * @throws ImportChangedException when the user's file is gone or has another length or time
     */
    public static ImportedFile open(Path indexFile) throws IOException {
        ImportIndex index = ImportIndex.load(indexFile);
        index.stamp().require(index.source());
        FileChannel file = FileChannel.open(index.source(), StandardOpenOption.READ);
        try {
            boolean isCar = index.kind() == ImportIndex.Kind.CAR;
            return new ImportedFile(index, file, isCar ? CarFile.reopen(index.source(), CarLimits.DEFAULT) : null);
        } catch (MalformedCarException | MalformedBlockException e) {
            file.close();
            throw new ImportChangedException(index.source(), "it is no sound CAR any more");
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static final class Collector implements UnixFsBuilder.Sink {
        private final List<Cid> leaves = new ArrayList<>();
        private final List<Block> nodes = new ArrayList<>();

        @Override
        public void leaf(Block leaf, long offset) {
            leaves.add(leaf.cid());
        }

        @Override
        public void node(Block node) {
            nodes.add(node);
        }
    }

    /** The payload CID. */
    public Cid root() {
        return index.root();
    }

    /** The user's file, absolute. */
    public Path source() {
        return index.source();
    }

    /** Length of the user's file in bytes. */
    public long sourceBytes() {
        return index.stamp().bytes();
    }

    /** Whether the user's file is itself a CAR. */
    public boolean isCar() {
        return car != null;
    }

    /** Looks at the file's length and time again; {@link ImportChangedException} when they differ. */
    public void checkUnchanged() throws ImportChangedException {
        index.stamp().require(index.source());
    }

    @Override
    public byte @Nullable [] find(Cid cid) throws IOException {
        byte[] inline = BlockSource.inline(cid);
        if (inline != null) {
            return inline;
        }
        byte[] node = nodes.get(cid);
        if (node != null) {
            return node.clone();
        }
        return car != null ? fromCar(car, cid) : leaf(cid);
    }

    private byte @Nullable [] fromCar(CarFile opened, Cid cid) throws IOException {
        try {
            return opened.find(cid);
        } catch (MalformedCarException | MalformedBlockException e) {
            throw new ImportChangedException(source(), "block " + cid + " is not in it any more");
        }
    }

    private byte @Nullable [] leaf(Cid cid) throws IOException {
        Integer number = leaves.get(cid);
        if (number == null) {
            return null;
        }
        long offset = (long) number * index.chunkBytes();
        ByteBuffer data = ByteBuffer.allocate((int) Math.min(index.chunkBytes(), sourceBytes() - offset));
        for (int n = 0; data.hasRemaining() && n >= 0; ) {
            n = file.read(data, offset + data.position());
        }
        if (data.hasRemaining() || !cid.hash().matches(data.array())) {
            throw new ImportChangedException(source(), "its bytes from " + offset + " differ");
        }
        return data.array();
    }

    @Override
    public boolean has(Cid cid) throws IOException {
        return BlockSource.inline(cid) != null || nodes.containsKey(cid) || leaves.containsKey(cid)
                || car != null && car.has(cid);
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (car != null) {
            car.close();
        }
    }
}
