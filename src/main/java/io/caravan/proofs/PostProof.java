package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.util.List;
import java.util.Optional;

/** A window proof as it is before a succinct one is made of it (sealing §3.5): challenged leaves of replicas, with paths. */
public record PostProof(List<Sector> sectors) {

    public PostProof {
        sectors = List.copyOf(sectors);
    }

    /**
     * One sector's part.
     *
     * @param commC root of the tree over its columns
     * @param leaves the challenged leaves of its replica, each with its path to comm_r_last
     */
    public record Sector(Bytes commC, List<MerkleProof> leaves) {

        public Sector {
            leaves = List.copyOf(leaves);
        }

        /** The first check that fails, such as {@code path of leaf 7}; empty when the sector is proven. */
        Optional<String> flaw(PoRep kind, Bytes randomness, PostStatement.Sector sector) {
            List<Integer> asked = Challenges.ofWindow(kind.nodes(), randomness, sector.number());
            if (leaves.size() != asked.size()) {
                return Optional.of("number of leaves");
            }
            Bytes commRLast = leaves.get(0).root();
            for (int i = 0; i < asked.size(); i++) {
                MerkleProof leaf = leaves.get(i);
                if (leaf.hash() != TreeHash.OCTREE_POSEIDON || !leaf.root().equals(commRLast)
                        || !leaf.isValid(kind.nodes())) {
                    return Optional.of("path of leaf " + i);
                }
                if (leaf.leafIndex() != asked.get(i)) {
                    return Optional.of("number of leaf " + i + ": " + leaf.leafIndex()
                            + ", but randomness and sector ask for " + asked.get(i));
                }
            }
            boolean isCommitted = Commitments.isNode(commC) && Commitments.isNode(commRLast)
                    && Commitments.commR(commC, commRLast).equals(Bytes.wrap(sector.commR().commitment()));
            return isCommitted ? Optional.empty() : Optional.of("comm_r of comm_c and comm_r_last");
        }
    }

    /** The first check that fails, in words such as {@code path of leaf 3, sector 12}; empty when all hold. Pure. */
    public Optional<String> flaw(PostStatement statement) {
        if (sectors.size() != statement.sectors().size()) {
            return Optional.of("number of sectors");
        }
        for (int i = 0; i < sectors.size(); i++) {
            PostStatement.Sector sector = statement.sectors().get(i);
            Optional<String> flaw = sectors.get(i).flaw(statement.kind(), statement.randomness(), sector);
            if (flaw.isPresent()) {
                return Optional.of(flaw.get() + ", sector " + sector.number());
            }
        }
        return Optional.empty();
    }
}
