package io.caravan.proofs;

import static io.caravan.proofs.TreeHash.OCTREE_POSEIDON;

import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The declared devnet form of a window proof: a tag and the whole {@link PostProof}. No other chain takes it.
 *
 * <p>{@link #TAG}, a zero byte; then for each sector comm_c, comm_r_last and ten leaves, each its number (u32, big-endian),
 * the replica's node and the siblings from the leaves up. The length follows from kind and number of sectors.
 */
public final class DevnetPostProof {

    /** What the bytes start with, for everyone who looks at them. */
    public static final String TAG = "CARAVAN-DEVNET-VANILLA-POST-v1";

    private static final String HEAD = TAG + "\0";

    private DevnetPostProof() {
    }

    /** Length in bytes: about 14 KiB a sector of 8 MiB. */
    public static int length(PoRep kind, int sectors) {
        int leaf = Integer.BYTES + PoRep.NODE + ProofReader.pathBytes(kind, OCTREE_POSEIDON);
        return HEAD.length() + sectors * (2 * PoRep.NODE + Challenges.WINDOW * leaf);
    }

    public static Bytes encode(PoRep kind, PostProof proof) {
        ProofWriter out = new ProofWriter(HEAD, length(kind, proof.sectors().size()));
        for (PostProof.Sector sector : proof.sectors()) {
            out.node(sector.commC()).node(sector.leaves().get(0).root());
            sector.leaves().forEach(leaf -> out.index((int) leaf.leafIndex()).node(leaf.leaf()).path(leaf));
        }
        return out.done();
    }

    /**
     * The proof in these bytes, which is not checked by that.
     *
     * @throws CodecException when they are not of the form that the statement asks for, naming what is wrong
     */
    public static PostProof decode(PostStatement statement, Bytes bytes) {
        int count = statement.sectors().size();
        ProofReader in = new ProofReader(statement.kind(), bytes, HEAD, length(statement.kind(), count));
        List<PostProof.Sector> sectors = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Bytes commC = in.node();
            Bytes commRLast = in.node();
            List<MerkleProof> leaves = new ArrayList<>();
            for (int j = 0; j < Challenges.WINDOW; j++) {
                int index = in.index();
                leaves.add(in.path(OCTREE_POSEIDON, index, in.node(), commRLast));
            }
            sectors.add(new PostProof.Sector(commC, leaves));
        }
        return new PostProof(sectors);
    }

    /** The first thing that is wrong with these bytes as a proof of the statement; empty when they prove it. */
    public static Optional<String> flaw(PostStatement statement, Bytes bytes) {
        try {
            return decode(statement, bytes).flaw(statement);
        } catch (CodecException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
