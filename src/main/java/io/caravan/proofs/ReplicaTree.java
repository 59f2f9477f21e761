package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * Encodes the data into the replica and builds tree-r-last over it in one pass, which also looks again whether the data
 * is still that of CommD: once it is encoded nobody could see it.
 */
final class ReplicaTree {

    private final SealJob job;

    ReplicaTree(SealJob job) {
        this.job = job;
    }

    Bytes build(Workers workers) throws IOException {
        long bytes = job.porep().sectorBytes();
        Bytes[] root = new Bytes[1];
        try (FileChannel data = NodeFiles.open(job.paths().unsealed(), bytes);
                FileChannel labels = NodeFiles.open(job.paths().layer(job.porep().layers()), bytes)) {
            NodeFiles.replace(job.paths().sealed(), replica -> {
                int block = TreeBuilder.block(job.treeRLast());
                byte[] roots = new byte[job.porep().nodes() / block * PoRep.NODE];
                root[0] = new TreeBuilder(workers,
                        () -> Hashers.poseidon(TreeHash.OCTREE_POSEIDON.arity(), job.porep()))
                                .build("tree-r-last", job.paths().treeRLast(), job.treeRLast(),
                                        () -> encoder(data, labels, replica, roots));
                requireCommD(roots, job.porep().nodes() / block);
            });
        }
        return root[0];
    }

    private TreeBuilder.Leaves encoder(FileChannel data, FileChannel labels, FileChannel replica, byte[] roots) {
        byte[] label = new byte[TreeBuilder.block(job.treeRLast()) * PoRep.NODE];
        byte[] tree = label.clone();
        BatchHash pairs = Hashers.pairs();
        NodeCoder coder = new NodeCoder();
        return (from, count, into) -> {
            long at = (long) from * PoRep.NODE;
            NodeFiles.read(data, at, into, 0, count * PoRep.NODE);
            System.arraycopy(into, 0, tree, 0, count * PoRep.NODE);
            reduce(pairs, tree, count);
            System.arraycopy(tree, 0, roots, from / count * PoRep.NODE, PoRep.NODE);
            NodeFiles.read(labels, at, label, 0, count * PoRep.NODE);
            coder.encode(into, 0, label, 0, count);
            NodeFiles.write(replica, at, into, count * PoRep.NODE);
        };
    }

    private void requireCommD(byte[] roots, int count) {
        reduce(Hashers.pairs(), roots, count);
        if (!Bytes.of(roots, 0, PoRep.NODE).equals(Bytes.wrap(job.commD().commitment()))) {
            throw new WrongDataException(job.paths().unsealed() + " has changed since its commitment was computed");
        }
    }

    private static void reduce(BatchHash pairs, byte[] nodes, int count) {
        for (int n = count / 2; n > 0; n /= 2) {
            pairs.hash(nodes, 0, nodes, 0, n);
        }
    }
}
