package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes one sector's part of a window proof from the files that are kept of it: replica, its tree and {@code p_aux}. */
public final class PostProver {

    private PostProver() {
    }

    /**
     * The sector's part, held against its commitment before it is returned.
     *
     * @throws WrongFileException a file is missing, cut short or, in what the challenges touch, damaged; the message says
     *     which file, or the first check that fails
     */
    public static PostProof.Sector prove(PoRep kind, Bytes randomness, PostStatement.Sector sector, SectorPaths files)
            throws IOException {
        SealedSector sealed = new SealedSector(kind, files);
        List<MerkleProof> leaves = new ArrayList<>();
        try (SectorTree replica = sealed.treeRLast()) {
            for (int leaf : Challenges.ofWindow(kind.nodes(), randomness, sector.number())) {
                leaves.add(replica.proof(leaf));
            }
        }
        PostProof.Sector made = new PostProof.Sector(sealed.commitments().commC(), leaves);
        Optional<String> flaw = made.flaw(kind, randomness, sector);
        if (flaw.isPresent()) {
            throw new WrongFileException("the replica " + files.sealed().getFileName()
                    + ", or the tree over it, is damaged: " + flaw.get());
        }
        return made;
    }
}
