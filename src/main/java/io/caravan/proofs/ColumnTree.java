package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** Builds tree-c: its leaves are the hashes of each node's labels, one a layer. */
final class ColumnTree {

    private final SealJob job;

    ColumnTree(SealJob job) {
        this.job = job;
    }

    Bytes build(Workers workers) throws IOException {
        List<FileChannel> layers = new ArrayList<>();
        try {
            for (int layer = 1; layer <= job.porep().layers(); layer++) {
                layers.add(NodeFiles.open(job.paths().layer(layer), job.porep().sectorBytes()));
            }
            return new TreeBuilder(workers, () -> Hashers.poseidon(TreeHash.OCTREE_POSEIDON.arity(), job.porep()))
                    .build("tree-c", job.paths().treeC(), job.treeC(), () -> columns(layers));
        } finally {
            for (FileChannel layer : layers) {
                layer.close();
            }
        }
    }

    private TreeBuilder.Leaves columns(List<FileChannel> layers) {
        BatchHash hasher = Hashers.poseidon(layers.size(), job.porep());
        int block = TreeBuilder.block(job.treeC());
        byte[] labels = new byte[block * PoRep.NODE];
        byte[] columns = new byte[block * layers.size() * PoRep.NODE];
        return (from, count, into) -> {
            int column = layers.size() * PoRep.NODE;
            for (int layer = 0; layer < layers.size(); layer++) {
                NodeFiles.read(layers.get(layer), (long) from * PoRep.NODE, labels, 0, count * PoRep.NODE);
                for (int i = 0; i < count; i++) {
                    System.arraycopy(labels, i * PoRep.NODE, columns, i * column + layer * PoRep.NODE, PoRep.NODE);
                }
            }
            hasher.hash(columns, 0, into, 0, count);
        };
    }
}
