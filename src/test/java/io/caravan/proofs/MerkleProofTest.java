package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MerkleProofTest {

    private static final int LEAVES = 64;

    private final List<List<MerkleProof>> proofs = new ArrayList<>();
    private SealJob job;
    private ReplicaCommitments made;

    @BeforeAll
    void seal(@TempDir Path folder) throws IOException {
        job = ProofVectors.sector("pattern").job(folder);
        Sealer sealer = new Sealer(folder.resolve("shared"), 1);
        sealer.preCommit1(job, SealWatch.NONE);
        made = sealer.preCommit2(job, SealWatch.NONE);
        SealedSector sealed = new SealedSector(job.porep(), job.paths());
        for (SectorTree tree : List.of(sealed.treeD(), sealed.treeC(), sealed.treeRLast())) {
            try (tree) {
                List<MerkleProof> all = new ArrayList<>();
                for (int leaf = 0; leaf < LEAVES; leaf++) {
                    all.add(tree.proof(leaf));
                }
                proofs.add(all);
            }
        }
    }

    @Test
    void everyLeafOfEveryTreeHasAValidPathToItsCommitment() {
        List<Bytes> roots = List.of(Bytes.of(job.commD().commitment()), made.commC(), made.commRLast());
        for (int tree = 0; tree < 3; tree++) {
            for (int leaf = 0; leaf < LEAVES; leaf++) {
                MerkleProof proof = proofs.get(tree).get(leaf);
                assertThat(proof.isValid(LEAVES)).isTrue();
                assertThat(proof.root()).isEqualTo(roots.get(tree));
                assertThat(proof.leafIndex()).isEqualTo(leaf);
            }
        }
    }

    @Test
    void aFlippedBitAnywhereMakesItInvalid() {
        for (List<MerkleProof> tree : proofs) {
            MerkleProof proof = tree.get(43);
            for (int bit = 0; bit < 256; bit++) {
                int flipped = bit;
                UnaryOperator<Bytes> flip = node -> flip(node, flipped);
                assertThat(new MerkleProof(proof.hash(), flip.apply(proof.leaf()), proof.root(), proof.path())
                        .isValid(LEAVES)).isFalse();
                assertThat(new MerkleProof(proof.hash(), proof.leaf(), flip.apply(proof.root()), proof.path())
                        .isValid(LEAVES)).isFalse();
                MerkleProof.Step step = proof.path().get(bit % proof.path().size());
                List<Bytes> siblings = new ArrayList<>(step.siblings());
                siblings.set(bit % siblings.size(), flip.apply(siblings.get(bit % siblings.size())));
                assertThat(with(proof, bit % proof.path().size(), new MerkleProof.Step(siblings, step.index()))
                        .isValid(LEAVES)).isFalse();
            }
        }
    }

    @Test
    void anotherIndexOrShapeMakesItInvalid() {
        for (List<MerkleProof> tree : proofs) {
            MerkleProof proof = tree.get(43);
            for (int level = 0; level < proof.path().size(); level++) {
                MerkleProof.Step step = proof.path().get(level);
                for (int index : new int[] {-1, step.index() ^ 1, proof.hash().arity(), Integer.MAX_VALUE}) {
                    assertThat(with(proof, level, new MerkleProof.Step(step.siblings(), index)).isValid(LEAVES))
                            .isFalse();
                }
                assertThat(with(proof, level, new MerkleProof.Step(List.of(), step.index())).isValid(LEAVES)).isFalse();
            }
            assertThat(new MerkleProof(proof.hash(), proof.leaf(), proof.root(), List.of()).isValid(LEAVES)).isFalse();
            assertThat(proof.isValid(LEAVES * 8)).isFalse();
            assertThat(proof.isValid(LEAVES / 8)).isFalse();
            assertThat(new MerkleProof(proof.hash(), proof.leaf().slice(0, 31), proof.root(), proof.path())
                    .isValid(LEAVES)).isFalse();
        }
    }

    private static MerkleProof with(MerkleProof proof, int level, MerkleProof.Step step) {
        List<MerkleProof.Step> path = new ArrayList<>(proof.path());
        path.set(level, step);
        return new MerkleProof(proof.hash(), proof.leaf(), proof.root(), path);
    }

    private static Bytes flip(Bytes node, int bit) {
        byte[] bytes = node.toArray();
        bytes[bit / 8] ^= (byte) (1 << bit % 8);
        return Bytes.wrap(bytes);
    }
}
