package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.util.ArrayList;
import java.util.List;

/**
 * That a leaf is in a tree: its siblings on every level, from the leaves up.
 *
 * @param root of the tree, as the prover says it; a verifier compares it with the commitment
 */
public record MerkleProof(TreeHash hash, Bytes leaf, Bytes root, List<Step> path) {

    /**
     * One level.
     *
     * @param siblings one fewer than the tree's arity, in order, the node itself left out
     * @param index the place of the node among them, from 0
     */
    public record Step(List<Bytes> siblings, int index) {
        public Step {
            siblings = List.copyOf(siblings);
        }
    }

    public MerkleProof {
        path = List.copyOf(path);
    }

    /** The number of the leaf, from the indices of all levels; the lowest level is the least digit. */
    public long leafIndex() {
        long index = 0;
        for (int i = path.size() - 1; i >= 0; i--) {
            index = index * hash.arity() + path.get(i).index();
        }
        return index;
    }

    /**
     * Whether leaf and siblings hash to the root in a tree of that many leaves. Every part may be what a stranger sent:
     * a wrong number of levels or siblings, an index out of range or bytes that are no node make it false.
     */
    public boolean isValid(long leaves) {
        long covered = 1;
        for (Step ignored : path) {
            if (covered >= leaves) {
                return false;
            }
            covered *= hash.arity();
        }
        if (covered != leaves || !isNode(leaf)) {
            return false;
        }
        BatchHash hasher = hash.hasher();
        Bytes node = leaf;
        for (Step step : path) {
            if (step.siblings().size() != hash.arity() - 1 || step.index() < 0 || step.index() >= hash.arity()
                    || !step.siblings().stream().allMatch(this::isNode)) {
                return false;
            }
            List<Bytes> children = new ArrayList<>(step.siblings());
            children.add(step.index(), node);
            node = Commitments.hash(hasher, children);
        }
        return node.equals(root);
    }

    private boolean isNode(Bytes node) {
        return Commitments.isNode(node);
    }
}
