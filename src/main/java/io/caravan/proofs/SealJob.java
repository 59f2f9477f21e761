package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;

/**
 * One sector to be sealed with one ticket: the same job makes the same replica.
 *
 * @param commD of the data that lies in {@code paths.unsealed()}
 */
public record SealJob(PoRep porep, Bytes replicaId, Cid commD, SectorPaths paths) {

    /** @param miner an ID address */
    public static SealJob of(PoRep porep, FilAddress miner, long sectorNumber, Bytes ticket, Cid commD,
            SectorPaths paths) {
        return new SealJob(porep, porep.replicaId(miner, sectorNumber, ticket, commD), commD, paths);
    }

    /** The tree over the data. */
    TreeShape treeD() {
        return TreeShape.whole(porep.nodes(), TreeHash.BINARY_SHA.arity());
    }

    /** The tree over columns. */
    TreeShape treeC() {
        return TreeShape.whole(porep.nodes(), TreeHash.OCTREE_POSEIDON.arity());
    }

    /** The tree over the replica. */
    TreeShape treeRLast() {
        return TreeShape.upper(porep.nodes(), TreeHash.OCTREE_POSEIDON.arity());
    }
}
