package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Builds a tree into its file, subtree by subtree: each thread holds one subtree of at most a mebibyte of leaves,
 * hashes it row by row and writes the rows that are stored; what is above the subtrees is little.
 */
final class TreeBuilder {

    private static final int MOST_LEAVES = 1 << 15;

    private final Workers workers;
    private final Supplier<BatchHash> hashers;

    TreeBuilder(Workers workers, Supplier<BatchHash> hashers) {
        this.workers = workers;
        this.hashers = hashers;
    }

    /** Gives leaves in runs; one a thread. */
    @FunctionalInterface
    interface Leaves {
        void read(int from, int count, byte[] into) throws IOException;
    }

    /** Makes a thread's {@link Leaves}. */
    @FunctionalInterface
    interface LeavesMaker {
        Leaves make() throws IOException;
    }

    /** How many leaves a thread asks for at a time. */
    static int block(TreeShape shape) {
        int block = 1;
        while (block < shape.leaves() && block * shape.arity() <= MOST_LEAVES) {
            block *= shape.arity();
        }
        return block;
    }

    /** Builds the tree, replaces its file, and returns the root. */
    Bytes build(String step, Path file, TreeShape shape, LeavesMaker leaves) throws IOException {
        byte[] root = new byte[PoRep.NODE];
        NodeFiles.replace(file,
                channel -> System.arraycopy(rows(step, channel, shape, leaves), 0, root, 0, root.length));
        return Bytes.wrap(root);
    }

    private byte[] rows(String step, FileChannel channel, TreeShape shape, LeavesMaker leaves) throws IOException {
        int block = block(shape);
        int tops = shape.leaves() / block;
        byte[] top = new byte[tops * PoRep.NODE];
        workers.run(step, shape.leaves(), block, () -> {
            Leaves source = leaves.make();
            BatchHash hasher = hashers.get();
            byte[] nodes = new byte[block * PoRep.NODE];
            return (from, to) -> {
                source.read(from, block, nodes);
                int row = 0;
                int count = block;
                int at = from;
                while (count > 1) {
                    store(channel, shape, row, at, nodes, count);
                    count /= shape.arity();
                    at /= shape.arity();
                    hasher.hash(nodes, 0, nodes, 0, count);
                    row++;
                }
                System.arraycopy(nodes, 0, top, at * PoRep.NODE, PoRep.NODE);
            };
        });
        BatchHash hasher = hashers.get();
        int row = shape.rows() - 1 - log(tops, shape.arity());
        store(channel, shape, row, 0, top, tops);
        for (int count = tops / shape.arity(); count > 0; count /= shape.arity()) {
            hasher.hash(top, 0, top, 0, count);
            row++;
            store(channel, shape, row, 0, top, count);
        }
        return Arrays.copyOf(top, PoRep.NODE);
    }

    private static int log(int n, int base) {
        int log = 0;
        for (int left = n; left > 1; left /= base) {
            log++;
        }
        return log;
    }

    private static void store(FileChannel channel, TreeShape shape, int row, int at, byte[] nodes, int count)
            throws IOException {
        if (shape.isStored(row)) {
            NodeFiles.write(channel, shape.offset(row) + (long) at * PoRep.NODE, nodes, count * PoRep.NODE);
        }
    }
}
