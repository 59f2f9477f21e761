package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The file {@code t_aux}: where the network's software finds a sector's layers and trees. Numbers are 8 little-endian
 * bytes, texts have their length before them: {@code layers ‖ store each ‖ tree-d ‖ tree-r-last ‖ tree-c}, a store
 * being {@code folder ‖ name ‖ 01 ‖ nodes ‖ discarded rows}.
 */
final class TemporaryAux {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final String folder;

    private TemporaryAux(String folder) {
        this.folder = folder;
    }

    static Bytes of(SealJob job) {
        var aux = new TemporaryAux(job.paths().cache().toString());
        aux.number(job.porep().layers());
        for (int layer = 1; layer <= job.porep().layers(); layer++) {
            aux.store("layer-" + layer, job.porep().nodes(), 0);
        }
        aux.store("tree-d", nodes(job.treeD()), 0);
        aux.store("tree-r-last", nodes(job.treeRLast()), job.treeRLast().rowsToDiscard());
        aux.store("tree-c", nodes(job.treeC()), 0);
        return Bytes.wrap(aux.out.toByteArray());
    }

    /** Of the whole tree, with the rows that are not stored. */
    private static long nodes(TreeShape shape) {
        return TreeShape.whole(shape.leaves(), shape.arity()).bytes() / PoRep.NODE;
    }

    private void store(String name, long nodes, int discardedRows) {
        text(folder);
        text(name);
        out.write(1);
        number(nodes);
        number(discardedRows);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        out.writeBytes(bytes);
    }

    private void number(long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    }
}
