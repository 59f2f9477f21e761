package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.codec.Hashes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Which nodes a node's label is made of (spec sealing §2.2): six of its own layer, always earlier ones, from a
 * depth-robust graph; eight of the layer before, from an expander. The same in every layer. Safe for several threads.
 */
public final class StackedGraph {

    /** Parents in the same layer. */
    public static final int BASE_PARENTS = 6;
    /** Parents in the layer before; the first layer has none. */
    public static final int EXPANDER_PARENTS = 8;
    /** All parents: the base's first. */
    public static final int PARENTS = BASE_PARENTS + EXPANDER_PARENTS;

    private static final int SAMPLED = BASE_PARENTS - 1;
    private static final int SEED_WORDS = 7;
    private static final int FEISTEL_KEYS = 3;

    private final int nodes;
    private final boolean predecessorLast;
    private final int[] seed = new int[SEED_WORDS];
    private final long[] keys = new long[FEISTEL_KEYS];
    private final int halfBits;
    /** What the rounds give, by key and half: there are few halves, and each comes by thousands of times. 0 is not known. */
    private final int[][] roundsPlusOne;
    private final ThreadLocal<ChaCha8> random = ThreadLocal.withInitial(ChaCha8::new);

    /** @param predecessorLast the order of base parents in version 1; later versions have the predecessor first */
    StackedGraph(Bytes porepId, int nodes, boolean predecessorLast) {
        this.nodes = nodes;
        this.predecessorLast = predecessorLast;
        ByteBuffer drg = seed("Filecoin_DRSample", porepId);
        for (int i = 0; i < SEED_WORDS; i++) {
            seed[i] = drg.getInt();
        }
        ByteBuffer feistel = seed("Filecoin_Feistel", porepId);
        for (int i = 0; i < FEISTEL_KEYS; i++) {
            keys[i] = feistel.getLong();
        }
        int bits = 1;
        while (1L << 2 * bits < edges()) {
            bits++;
        }
        halfBits = bits;
        roundsPlusOne = new int[FEISTEL_KEYS][1 << bits];
    }

    private static ByteBuffer seed(String domain, Bytes porepId) {
        return ByteBuffer.wrap(Hashes.sha256(domain.getBytes(StandardCharsets.US_ASCII), porepId.toArray()))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    public int nodes() {
        return nodes;
    }

    /** The parents of a node, six base and eight expander ones. */
    public int[] parents(int node) {
        int[] parents = new int[PARENTS];
        parents(node, parents, 0);
        return parents;
    }

    void parents(int node, int[] out, int at) {
        baseParents(node, out, at);
        expanderParents(node, out, at + BASE_PARENTS);
    }

    /**
     * DRSample: a distance bucket drawn evenly in its logarithm, then a distance in it, five times; and the
     * predecessor.
     */
    private void baseParents(int node, int[] out, int at) {
        if (node < 2) {
            for (int i = 0; i < BASE_PARENTS; i++) {
                out[at + i] = 0;
            }
            return;
        }
        int[] key = new int[SEED_WORDS + 1];
        System.arraycopy(seed, 0, key, 0, SEED_WORDS);
        key[SEED_WORDS] = node;
        ChaCha8 rng = random.get();
        rng.start(key);
        // The graph has in-degree 2 over five times the nodes; five of its nodes together are one of ours.
        long metaNode = (long) node * SAMPLED;
        int buckets = Long.SIZE - Long.numberOfLeadingZeros(metaNode - 1);
        int first = predecessorLast ? 0 : 1;
        for (int i = 0; i < SAMPLED; i++) {
            long bucket = Long.remainderUnsigned(rng.nextLong(), buckets) + 1;
            long largest = Math.min(metaNode, 1L << bucket);
            long smallest = Math.max(2, largest >> 1);
            long distance = smallest + Long.remainderUnsigned(rng.nextLong(), largest - smallest + 1);
            int parent = (int) ((metaNode - distance) / SAMPLED);
            out[at + first + i] = parent == node ? node - 1 : parent;
        }
        out[at + (predecessorLast ? SAMPLED : 0)] = node - 1;
    }

    /** A permutation of the 8·n edges: edge i of a node begins at the node that the permuted number falls to. */
    private void expanderParents(int node, int[] out, int at) {
        for (int i = 0; i < EXPANDER_PARENTS; i++) {
            long edge = (long) node * EXPANDER_PARENTS + i;
            do {
                edge = permute(edge);
            } while (edge >= edges());
            out[at + i] = (int) (edge / EXPANDER_PARENTS);
        }
    }

    private long edges() {
        return (long) nodes * EXPANDER_PARENTS;
    }

    private long permute(long value) {
        int left = (int) (value >>> halfBits);
        int right = (int) value & (1 << halfBits) - 1;
        for (int key = 0; key < FEISTEL_KEYS; key++) {
            int next = left ^ round(right, key);
            left = right;
            right = next;
        }
        return (long) left << halfBits | right;
    }

    /** Threads may compute the same one at once: they come to the same. */
    private int round(int half, int key) {
        int known = roundsPlusOne[key][half];
        if (known == 0) {
            known = 1 + (int) (FeistelRound.of(half, keys[key]) & (1 << halfBits) - 1);
            roundsPlusOne[key][half] = known;
        }
        return known - 1;
    }
}
