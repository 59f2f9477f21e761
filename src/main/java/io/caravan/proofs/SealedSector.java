package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * What lies in a sealed sector's files, for those who prove it: trees, columns, replica. Reads and judges nothing:
 * whoever makes a proof from it checks the proof. Throws {@link WrongFileException} when a file is missing or cut
 * short.
 */
public final class SealedSector {

    private final PoRep porep;
    private final SectorPaths paths;

    public SealedSector(PoRep porep, SectorPaths paths) {
        this.porep = porep;
        this.paths = paths;
    }

    public PoRep porep() {
        return porep;
    }

    /** The tree over the data; only until the sector is finalized. The caller closes it. */
    public SectorTree treeD() throws IOException {
        return SectorTree.open(TreeHash.BINARY_SHA, TreeShape.whole(porep.nodes(), TreeHash.BINARY_SHA.arity()),
                paths.treeD(), null);
    }

    /** The tree over columns; only until the sector is finalized. The caller closes it. */
    public SectorTree treeC() throws IOException {
        return SectorTree.open(TreeHash.OCTREE_POSEIDON,
                TreeShape.whole(porep.nodes(), TreeHash.OCTREE_POSEIDON.arity()), paths.treeC(), null);
    }

    /** The tree over the replica, for as long as the sector is proven. The caller closes it. */
    public SectorTree treeRLast() throws IOException {
        return SectorTree.open(TreeHash.OCTREE_POSEIDON,
                TreeShape.upper(porep.nodes(), TreeHash.OCTREE_POSEIDON.arity()), paths.treeRLast(), paths.sealed());
    }

    /** The node's labels, one a layer, from the first; only until the sector is finalized. */
    public List<Bytes> column(int node) throws IOException {
        List<Bytes> column = new ArrayList<>();
        for (int layer = 1; layer <= porep.layers(); layer++) {
            try (FileChannel labels = NodeFiles.open(paths.layer(layer), porep.sectorBytes())) {
                byte[] label = new byte[PoRep.NODE];
                NodeFiles.read(labels, (long) node * PoRep.NODE, label, 0, label.length);
                column.add(Bytes.wrap(label));
            }
        }
        return column;
    }

    /** The roots under CommR. */
    public ReplicaCommitments commitments() throws IOException {
        return Sealer.commitments(paths);
    }
}
