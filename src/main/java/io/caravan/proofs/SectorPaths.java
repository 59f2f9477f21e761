package io.caravan.proofs;

import java.nio.file.Path;

/**
 * Where one sector's files lie; the names in the cache folder are those of the network's own software (spec sealing
 * §2.6).
 *
 * @param unsealed the data, Fr32-expanded, as long as the sector
 * @param sealed the replica
 * @param cache the folder of layers, trees and commitments
 */
public record SectorPaths(Path unsealed, Path sealed, Path cache) {

    /** From 1. */
    public Path layer(int layer) {
        return cache.resolve("sc-02-data-layer-" + layer + ".dat");
    }

    public Path treeD() {
        return cache.resolve("sc-02-data-tree-d.dat");
    }

    public Path treeC() {
        return cache.resolve("sc-02-data-tree-c.dat");
    }

    public Path treeRLast() {
        return cache.resolve("sc-02-data-tree-r-last.dat");
    }

    /** {@code comm_c ‖ comm_r_last}. */
    public Path pAux() {
        return cache.resolve("p_aux");
    }

    public Path tAux() {
        return cache.resolve("t_aux");
    }

    /** Which files are done, for which replica, with their digests. */
    Path journal() {
        return cache.resolve("seal.journal");
    }
}
