package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Computes one layer of labels into its file: node after node, for each label needs the one before. */
final class LabelLayer {

    private static final int CHUNK = 1 << 12;

    private final Bytes replicaId;
    private final int nodes;
    private final Parents parents;
    private final SealWatch watch;

    LabelLayer(Bytes replicaId, int nodes, Parents parents, SealWatch watch) {
        this.replicaId = replicaId;
        this.nodes = nodes;
        this.parents = parents;
        this.watch = watch;
    }

    /** @param previous the file of the layer before, null for the first */
    void make(int layer, Path file, @Nullable Path previous) throws IOException {
        long bytes = (long) nodes * PoRep.NODE;
        NodeFiles.replace(file, channel -> {
            NodeFiles.reserve(channel, bytes);
            MappedByteBuffer labels = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes);
            if (previous == null) {
                fill(layer, labels, labels);
            } else {
                try (FileChannel before = NodeFiles.open(previous, bytes)) {
                    fill(layer, labels, before.map(FileChannel.MapMode.READ_ONLY, 0, bytes));
                }
            }
            labels.force();
        });
    }

    private void fill(int layer, ByteBuffer labels, ByteBuffer previous) {
        LabelHash hash = new LabelHash(replicaId);
        byte[] message = hash.message();
        int[] of = new int[StackedGraph.PARENTS];
        byte[] label = new byte[PoRep.NODE];
        int count = LabelHash.parents(layer);
        for (int node = 0; node < nodes; node++) {
            if (node % CHUNK == 0) {
                watch.check();
                watch.at("layer-" + layer, node, nodes);
            }
            if (node > 0) {
                parents.of(node, of);
                for (int i = 0; i < count; i++) {
                    (i < StackedGraph.BASE_PARENTS ? labels : previous)
                            .get(of[i] * PoRep.NODE, message, hash.slot(i), PoRep.NODE);
                }
            }
            hash.label(layer, node, label, 0);
            labels.put(node * PoRep.NODE, label);
        }
        watch.at("layer-" + layer, nodes, nodes);
    }
}
