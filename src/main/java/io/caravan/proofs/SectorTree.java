package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tree of a sector, read from its files; rows that are not stored are computed again from the leaves. Reads what the
 * files hold: a damaged one gives proofs that are not valid. Not for several threads.
 */
public final class SectorTree implements Closeable {

    private final TreeHash hash;
    private final TreeShape shape;
    private final FileChannel rows;
    private final @Nullable FileChannel leaves;
    private int computedFrom = -1;
    private List<List<Bytes>> computed = List.of();

    private SectorTree(TreeHash hash, TreeShape shape, FileChannel rows, @Nullable FileChannel leaves) {
        this.hash = hash;
        this.shape = shape;
        this.rows = rows;
        this.leaves = leaves;
    }

    /** @throws WrongFileException when a file is missing or has the wrong length */
    static SectorTree open(TreeHash hash, TreeShape shape, Path file, @Nullable Path leaves) throws IOException {
        FileChannel rows = NodeFiles.open(file, shape.bytes());
        try {
            return new SectorTree(hash, shape, rows, leaves == null ? null
                    : NodeFiles.open(leaves, (long) shape.leaves() * PoRep.NODE));
        } catch (IOException | RuntimeException e) {
            rows.close();
            throw e;
        }
    }

    public int leaves() {
        return shape.leaves();
    }

    public Bytes root() throws IOException {
        return stored(shape.rows() - 1, 0, 1).get(0);
    }

    /** The path of a leaf to the root; leaf and siblings as the files hold them. */
    public MerkleProof proof(int leaf) throws IOException {
        List<List<Bytes>> groups = new ArrayList<>();
        int arity = shape.arity();
        int index = leaf;
        for (List<Bytes> row : computedRows(leaf)) {
            int first = index % row.size() / arity * arity;
            groups.add(row.subList(first, first + arity));
            index /= arity;
        }
        for (int row = groups.size(); row < shape.rows() - 1; row++) {
            groups.add(stored(row, index / arity * arity, arity));
            index /= arity;
        }
        List<MerkleProof.Step> path = new ArrayList<>();
        index = leaf;
        for (List<Bytes> group : groups) {
            List<Bytes> siblings = new ArrayList<>(group);
            siblings.remove(index % arity);
            path.add(new MerkleProof.Step(siblings, index % arity));
            index /= arity;
        }
        return new MerkleProof(hash, groups.get(0).get(leaf % arity), root(), path);
    }

    /** The rows below the first stored one, as far as one node of that row covers them; those of the last leaf are at hand. */
    private List<List<Bytes>> computedRows(int leaf) throws IOException {
        if (leaves == null) {
            return List.of();
        }
        int covered = 1;
        for (int row = 0; row < shape.firstStored(); row++) {
            covered *= shape.arity();
        }
        int from = leaf / covered * covered;
        if (from != computedFrom) {
            computed = rowsAbove(from, covered);
            computedFrom = from;
        }
        return computed;
    }

    private List<List<Bytes>> rowsAbove(int from, int covered) throws IOException {
        byte[] nodes = new byte[covered * PoRep.NODE];
        NodeFiles.read(leaves, (long) from * PoRep.NODE, nodes, 0, nodes.length);
        BatchHash hasher = hash.hasher();
        List<List<Bytes>> rows = new ArrayList<>();
        for (int count = covered; count > 1; count /= shape.arity()) {
            rows.add(split(nodes, count));
            hasher.hash(nodes, 0, nodes, 0, count / shape.arity());
        }
        return rows;
    }

    private List<Bytes> stored(int row, int from, int count) throws IOException {
        byte[] nodes = new byte[count * PoRep.NODE];
        NodeFiles.read(rows, shape.offset(row) + (long) from * PoRep.NODE, nodes, 0, nodes.length);
        return split(nodes, count);
    }

    private static List<Bytes> split(byte[] nodes, int count) {
        List<Bytes> split = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            split.add(Bytes.of(nodes, i * PoRep.NODE, (i + 1) * PoRep.NODE));
        }
        return split;
    }

    @Override
    public void close() throws IOException {
        rows.close();
        if (leaves != null) {
            leaves.close();
        }
    }
}
