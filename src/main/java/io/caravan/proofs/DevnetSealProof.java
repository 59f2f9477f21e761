package io.caravan.proofs;

import static io.caravan.proofs.TreeHash.BINARY_SHA;
import static io.caravan.proofs.TreeHash.OCTREE_POSEIDON;

import io.caravan.codec.Bytes;
import io.caravan.codec.CodecException;
import io.caravan.proofs.VanillaProof.Challenged;
import io.caravan.proofs.VanillaProof.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The declared devnet form of a seal proof: a tag and the whole {@link VanillaProof}, so that a devnet can check every part
 * of it. No other chain takes it: those want a succinct Groth16 proof, which is not made here.
 *
 * <p>{@link #TAG}, a zero byte, comm_c, comm_r_last; then for each challenge the node's number (u32, big-endian), the
 * data's node with its path, the replica's with its path, and fifteen columns, each a number, the labels and a path. A path
 * is its siblings from the leaves up; its places follow from the number, a column's leaf from its labels. The length
 * follows from the kind of proof.
 */
public final class DevnetSealProof {

    /** What the bytes start with, for everyone who looks at them. */
    public static final String TAG = "CARAVAN-DEVNET-VANILLA-SEAL-v1";

    private static final String HEAD = TAG + "\0";
    private static final int CHALLENGES = 2;

    private DevnetSealProof() {
    }

    /** Length in bytes: about 12 KiB for 2 KiB sectors, 45 KiB for 8 MiB, 60 KiB for 512 MiB. */
    public static int length(PoRep kind) {
        int octree = ProofReader.pathBytes(kind, OCTREE_POSEIDON);
        int column = Integer.BYTES + kind.layers() * PoRep.NODE + octree;
        int challenge = Integer.BYTES + 2 * PoRep.NODE + ProofReader.pathBytes(kind, BINARY_SHA) + octree
                + VanillaProof.COLUMNS * column;
        return HEAD.length() + 2 * PoRep.NODE + CHALLENGES * challenge;
    }

    public static Bytes encode(PoRep kind, VanillaProof proof) {
        ProofWriter out = new ProofWriter(HEAD, length(kind));
        Challenged first = proof.challenges().get(0);
        out.node(first.columns().get(0).inclusion().root()).node(first.replica().root());
        for (Challenged one : proof.challenges()) {
            out.index(one.node()).node(one.data().leaf()).path(one.data()).node(one.replica().leaf()).path(one.replica());
            for (Column column : one.columns()) {
                out.index(column.node());
                column.labels().forEach(out::node);
                out.path(column.inclusion());
            }
        }
        return out.done();
    }

    /**
     * The proof in these bytes, which is not checked by that.
     *
     * @throws CodecException when they are not of this kind's form, naming what is wrong
     */
    public static VanillaProof decode(SealStatement statement, Bytes bytes) {
        PoRep kind = statement.kind();
        ProofReader in = new ProofReader(kind, bytes, HEAD, length(kind));
        Bytes commC = in.node();
        Bytes commRLast = in.node();
        Bytes commD = Bytes.wrap(statement.commD().commitment());
        List<Challenged> challenges = new ArrayList<>();
        for (int i = 0; i < CHALLENGES; i++) {
            int node = in.index();
            MerkleProof data = in.path(BINARY_SHA, node, in.node(), commD);
            MerkleProof replica = in.path(OCTREE_POSEIDON, node, in.node(), commRLast);
            List<Column> columns = new ArrayList<>();
            for (int j = 0; j < VanillaProof.COLUMNS; j++) {
                int of = in.index();
                List<Bytes> labels = in.nodes(kind.layers());
                columns.add(new Column(of, labels, in.path(OCTREE_POSEIDON, of, Commitments.column(labels), commC)));
            }
            challenges.add(new Challenged(node, data, replica, columns));
        }
        return new VanillaProof(challenges);
    }

    /** The first thing that is wrong with these bytes as a proof of the statement; empty when they prove it. */
    public static Optional<String> flaw(SealStatement statement, Bytes bytes) {
        try {
            return VanillaCheck.flaw(statement, decode(statement, bytes));
        } catch (CodecException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
