package io.caravan.piece;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel on the machine's widest vectors.
 *
 * <p>The shape is the compiler's, not ours: one method is one round over all lanes, long enough (above 325 bytes of
 * code) that it is not pulled into its caller, short enough that its vectors stay in registers. Rotations are two
 * shifts, for Java 17 has no instruction for the one. The state's eight rows stay where they are and change their
 * names.
 */
final class VectorPairs implements PairKernel {

    private static final VectorSpecies<Integer> WIDE = IntVector.SPECIES_PREFERRED;
    private static final int STEP = WIDE.length();
    private static final int ROUNDS = 64;
    private static final int LAST_BYTE_OF_A_NODE = 0xffffff3f;

    private final int[] state = new int[NODE_WORDS * LANES];
    private final int[] middle = new int[NODE_WORDS * LANES];
    private final int[] words = new int[MESSAGE_WORDS * LANES];

    @Override
    public void hash(int[] in, int inAt, int[] out, int outAt) {
        System.arraycopy(in, inAt, words, 0, words.length);
        for (int i = 0; i < NODE_WORDS; i++) {
            Arrays.fill(state, i * LANES, (i + 1) * LANES, ShaConstants.start(i));
        }
        for (int t = 0; t < ROUNDS; t++) {
            if (t >= MESSAGE_WORDS) {
                schedule(words, row(t), row(t + 1), row(t + 9), row(t + 14));
            }
            round(state, t, words, row(t), ShaConstants.round(t));
        }
        for (int i = 0; i < NODE_WORDS; i++) {
            addStart(state, middle, i * LANES, ShaConstants.start(i));
        }
        // The second block is padding, the same for all: its words are in the rounds' constants.
        for (int t = 0; t < ROUNDS; t++) {
            paddingRound(state, t, ShaConstants.paddingRound(t));
        }
        for (int i = 0; i < NODE_WORDS; i++) {
            finish(state, middle, i * LANES, out, outAt + i * LANES, i == NODE_WORDS - 1 ? LAST_BYTE_OF_A_NODE : -1);
        }
    }

    private static int row(int word) {
        return (word & MESSAGE_WORDS - 1) * LANES;
    }

    /** Where one of a…h lies in this round: every round each becomes the next. */
    private static int slot(int variable, int round) {
        return (variable - round & NODE_WORDS - 1) * LANES;
    }

    private static void round(int[] s, int t, int[] w, int word, int k) {
        int slotA = slot(0, t);
        int slotB = slot(1, t);
        int slotC = slot(2, t);
        int slotD = slot(3, t);
        int slotE = slot(4, t);
        int slotF = slot(5, t);
        int slotG = slot(6, t);
        int slotH = slot(7, t);
        for (int q = 0; q < LANES; q += STEP) {
            IntVector e = IntVector.fromArray(WIDE, s, slotE + q);
            IntVector f = IntVector.fromArray(WIDE, s, slotF + q);
            IntVector g = IntVector.fromArray(WIDE, s, slotG + q);
            IntVector sum1 = e.lanewise(VectorOperators.LSHR, 6).or(e.lanewise(VectorOperators.LSHL, 26))
                    .lanewise(VectorOperators.XOR,
                            e.lanewise(VectorOperators.LSHR, 11).or(e.lanewise(VectorOperators.LSHL, 21)))
                    .lanewise(VectorOperators.XOR,
                            e.lanewise(VectorOperators.LSHR, 25).or(e.lanewise(VectorOperators.LSHL, 7)));
            IntVector choice = f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g);
            IntVector t1 = IntVector.fromArray(WIDE, s, slotH + q).add(IntVector.fromArray(WIDE, w, word + q)).add(k)
                    .add(sum1).add(choice);
            IntVector.fromArray(WIDE, s, slotD + q).add(t1).intoArray(s, slotD + q);
            IntVector a = IntVector.fromArray(WIDE, s, slotA + q);
            IntVector b = IntVector.fromArray(WIDE, s, slotB + q);
            IntVector c = IntVector.fromArray(WIDE, s, slotC + q);
            IntVector sum0 = a.lanewise(VectorOperators.LSHR, 2).or(a.lanewise(VectorOperators.LSHL, 30))
                    .lanewise(VectorOperators.XOR,
                            a.lanewise(VectorOperators.LSHR, 13).or(a.lanewise(VectorOperators.LSHL, 19)))
                    .lanewise(VectorOperators.XOR,
                            a.lanewise(VectorOperators.LSHR, 22).or(a.lanewise(VectorOperators.LSHL, 10)));
            t1.add(sum0).add(a.and(b).or(a.or(b).and(c))).intoArray(s, slotH + q);
        }
    }

    /** The same without a word: it is in {@code k}. */
    private static void paddingRound(int[] s, int t, int k) {
        int slotA = slot(0, t);
        int slotB = slot(1, t);
        int slotC = slot(2, t);
        int slotD = slot(3, t);
        int slotE = slot(4, t);
        int slotF = slot(5, t);
        int slotG = slot(6, t);
        int slotH = slot(7, t);
        for (int q = 0; q < LANES; q += STEP) {
            IntVector e = IntVector.fromArray(WIDE, s, slotE + q);
            IntVector f = IntVector.fromArray(WIDE, s, slotF + q);
            IntVector g = IntVector.fromArray(WIDE, s, slotG + q);
            IntVector sum1 = e.lanewise(VectorOperators.LSHR, 6).or(e.lanewise(VectorOperators.LSHL, 26))
                    .lanewise(VectorOperators.XOR,
                            e.lanewise(VectorOperators.LSHR, 11).or(e.lanewise(VectorOperators.LSHL, 21)))
                    .lanewise(VectorOperators.XOR,
                            e.lanewise(VectorOperators.LSHR, 25).or(e.lanewise(VectorOperators.LSHL, 7)));
            IntVector choice = f.lanewise(VectorOperators.XOR, g).and(e).lanewise(VectorOperators.XOR, g);
            IntVector t1 = IntVector.fromArray(WIDE, s, slotH + q).add(k).add(sum1).add(choice);
            IntVector.fromArray(WIDE, s, slotD + q).add(t1).intoArray(s, slotD + q);
            IntVector a = IntVector.fromArray(WIDE, s, slotA + q);
            IntVector b = IntVector.fromArray(WIDE, s, slotB + q);
            IntVector c = IntVector.fromArray(WIDE, s, slotC + q);
            IntVector sum0 = a.lanewise(VectorOperators.LSHR, 2).or(a.lanewise(VectorOperators.LSHL, 30))
                    .lanewise(VectorOperators.XOR,
                            a.lanewise(VectorOperators.LSHR, 13).or(a.lanewise(VectorOperators.LSHL, 19)))
                    .lanewise(VectorOperators.XOR,
                            a.lanewise(VectorOperators.LSHR, 22).or(a.lanewise(VectorOperators.LSHL, 10)));
            t1.add(sum0).add(a.and(b).or(a.or(b).and(c))).intoArray(s, slotH + q);
        }
    }

    private static void schedule(int[] w, int row0, int row1, int row9, int row14) {
        for (int q = 0; q < LANES; q += STEP) {
            IntVector x = IntVector.fromArray(WIDE, w, row1 + q);
            IntVector y = IntVector.fromArray(WIDE, w, row14 + q);
            IntVector sigma0 = x.lanewise(VectorOperators.LSHR, 7).or(x.lanewise(VectorOperators.LSHL, 25))
                    .lanewise(VectorOperators.XOR,
                            x.lanewise(VectorOperators.LSHR, 18).or(x.lanewise(VectorOperators.LSHL, 14)))
                    .lanewise(VectorOperators.XOR, x.lanewise(VectorOperators.LSHR, 3));
            IntVector sigma1 = y.lanewise(VectorOperators.LSHR, 17).or(y.lanewise(VectorOperators.LSHL, 15))
                    .lanewise(VectorOperators.XOR,
                            y.lanewise(VectorOperators.LSHR, 19).or(y.lanewise(VectorOperators.LSHL, 13)))
                    .lanewise(VectorOperators.XOR, y.lanewise(VectorOperators.LSHR, 10));
            IntVector.fromArray(WIDE, w, row0 + q).add(sigma0).add(IntVector.fromArray(WIDE, w, row9 + q)).add(sigma1)
                    .intoArray(w, row0 + q);
        }
    }

    private static void addStart(int[] s, int[] middle, int at, int start) {
        for (int q = at; q < at + LANES; q += STEP) {
            IntVector v = IntVector.fromArray(WIDE, s, q).add(start);
            v.intoArray(s, q);
            v.intoArray(middle, q);
        }
    }

    private static void finish(int[] s, int[] middle, int at, int[] out, int outAt, int mask) {
        for (int q = 0; q < LANES; q += STEP) {
            IntVector.fromArray(WIDE, s, at + q).add(IntVector.fromArray(WIDE, middle, at + q)).and(mask)
                    .intoArray(out, outAt + q);
        }
    }
}
