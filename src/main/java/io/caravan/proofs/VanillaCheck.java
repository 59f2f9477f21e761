package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.proofs.VanillaProof.Challenged;
import io.caravan.proofs.VanillaProof.Column;
import java.util.List;
import java.util.Optional;

/**
 * Holds a vanilla proof against its statement (sealing §3.2). Pure; every part of the proof may be what a stranger sent.
 */
public final class VanillaCheck {

    private final SealStatement statement;
    private final VanillaProof proof;

    private VanillaCheck(SealStatement statement, VanillaProof proof) {
        this.statement = statement;
        this.proof = proof;
    }

    /** The first check that fails, in words such as {@code comm_c path of column 3, challenge 0}; empty when all hold. */
    public static Optional<String> flaw(SealStatement statement, VanillaProof proof) {
        try {
            new VanillaCheck(statement, proof).run();
            return Optional.empty();
        } catch (FlawException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private void run() {
        List<Integer> asked = statement.challenges();
        require(proof.challenges().size() == asked.size(), "number of challenges");
        Bytes commC = root(proof.challenges().get(0).columns());
        Bytes commRLast = proof.challenges().get(0).replica().root();
        for (int i = 0; i < asked.size(); i++) {
            Challenged one = proof.challenges().get(i);
            String where = "challenge " + i;
            require(one.node() == asked.get(i), "node of " + where + ": " + one.node()
                    + ", but miner, sector, ticket, CommD and seed ask for " + asked.get(i));
            requirePath(one.data(), TreeHash.BINARY_SHA, one.node(), Bytes.wrap(statement.commD().commitment()),
                    "comm_d path of " + where);
            requirePath(one.replica(), TreeHash.OCTREE_POSEIDON, one.node(), commRLast, "comm_r_last path of " + where);
            checkColumns(one, commC, where);
            checkLabels(one, where);
        }
        require(Commitments.isNode(commC) && Commitments.isNode(commRLast) && Commitments.commR(commC, commRLast)
                .equals(Bytes.wrap(statement.commR().commitment())), "comm_r of comm_c and comm_r_last");
    }

    private static Bytes root(List<Column> columns) {
        require(!columns.isEmpty(), "columns of challenge 0");
        return columns.get(0).inclusion().root();
    }

    private void checkColumns(Challenged one, Bytes commC, String where) {
        int[] parents = statement.kind().graph().parents(one.node());
        require(one.columns().size() == VanillaProof.COLUMNS, "columns of " + where);
        for (int i = 0; i < VanillaProof.COLUMNS; i++) {
            Column column = one.columns().get(i);
            String what = "column " + i + ", " + where;
            require(column.node() == (i == 0 ? one.node() : parents[i - 1]), "node of " + what);
            require(column.labels().size() == statement.kind().layers()
                    && column.labels().stream().allMatch(Commitments::isNode), "labels of " + what);
            require(Commitments.column(column.labels()).equals(column.inclusion().leaf()), "hash of " + what);
            requirePath(column.inclusion(), TreeHash.OCTREE_POSEIDON, column.node(), commC, "comm_c path of " + what);
        }
    }

    private void checkLabels(Challenged one, String where) {
        LabelHash hash = new LabelHash(statement.replicaId());
        List<Bytes> own = one.columns().get(0).labels();
        for (int layer = 1; layer <= statement.kind().layers(); layer++) {
            Bytes label = hash.of(layer, one.node(), LabelHash.repeated(one.node(), one.parentLabels(layer)));
            require(label.equals(own.get(layer - 1)), "label of layer " + layer + ", " + where);
        }
        require(Commitments.isNode(one.data().leaf()) && Commitments.encode(one.data().leaf(), own.get(own.size() - 1))
                .equals(one.replica().leaf()), "encoding of " + where);
    }

    private void requirePath(MerkleProof path, TreeHash hash, int node, Bytes root, String what) {
        require(path.hash() == hash && path.root().equals(root) && path.isValid(statement.kind().nodes())
                && path.leafIndex() == node, what);
    }

    private static void require(boolean holds, String check) {
        if (!holds) {
            throw new FlawException(check);
        }
    }

    /** Ends a check at its first failure. */
    private static final class FlawException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        FlawException(String check) {
            super(check, null, false, false);
        }
    }
}
