package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** Builds tree-d over a sector's unsealed data and holds its root against CommD. */
final class DataTree {

    private final SealJob job;

    DataTree(SealJob job) {
        this.job = job;
    }

    void build(Workers workers) throws IOException {
        try (FileChannel data = NodeFiles.open(job.paths().unsealed(), job.porep().sectorBytes())) {
            Bytes root = new TreeBuilder(workers, Hashers::pairs).build("tree-d", job.paths().treeD(), job.treeD(),
                    () -> (from, count, into) -> NodeFiles.read(data, (long) from * PoRep.NODE, into, 0,
                            count * PoRep.NODE));
            if (!root.equals(Bytes.wrap(job.commD().commitment()))) {
                throw new WrongDataException(
                        job.paths().unsealed() + " has another commitment than the sector's pieces");
            }
        }
    }
}
