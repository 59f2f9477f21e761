package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * The proof of a sealed sector as it is before a succinct one is made of it (sealing §3.2): for each challenged node, data
 * and replica at that node, and the labels of the node and of all its parents, each with its path to a commitment. It is
 * complete and sound for the challenged nodes. Labelling and encoding proofs are not in it: both follow from the columns.
 */
public record VanillaProof(List<Challenged> challenges) {

    /** Columns of a challenged node: its own, then its parents'. */
    public static final int COLUMNS = 1 + StackedGraph.PARENTS;

    public VanillaProof {
        challenges = List.copyOf(challenges);
    }

    /**
     * One challenged node.
     *
     * @param data its leaf in the tree over the data
     * @param replica its leaf in the tree over the replica
     * @param columns the node's own, its six base parents', its eight expander parents'
     */
    public record Challenged(int node, MerkleProof data, MerkleProof replica, List<Column> columns) {

        public Challenged {
            columns = List.copyOf(columns);
        }

        /** The labels that the node's label in a layer is made of, from the columns; the layer counts from 1. */
        List<Bytes> parentLabels(int layer) {
            List<Bytes> labels = new ArrayList<>();
            for (int i = 0; i < LabelHash.parents(layer); i++) {
                int from = i < StackedGraph.BASE_PARENTS ? layer : layer - 1;
                labels.add(columns.get(1 + i).labels().get(from - 1));
            }
            return labels;
        }
    }

    /**
     * All labels of one node.
     *
     * @param labels one a layer, the first layer's first
     * @param inclusion that their hash is in the tree over the columns
     */
    public record Column(int node, List<Bytes> labels, MerkleProof inclusion) {

        public Column {
            labels = List.copyOf(labels);
        }
    }
}
