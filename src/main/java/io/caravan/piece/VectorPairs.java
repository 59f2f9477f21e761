package io.caravan.piece;

import java.util.Arrays;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The kernel on the machine's widest vectors; how they are rotated is the subclass's.
 *
 * <p>The shape is the compiler's, not ours: one method is two rounds over all lanes, long enough (above 325 bytes of
 * code) that it is not pulled into its caller, short enough that its vectors stay in registers. In it are only calls of
 * the vectors' own methods: one of ours, however small, is no longer inlined once the compiler's graph is large, and
 * each vector it takes becomes an object. The state's eight rows stay where they are and change their names.
 */
abstract class VectorPairs implements PairKernel {

    static final VectorSpecies<Integer> WIDE = IntVector.SPECIES_PREFERRED;
    static final int STEP = WIDE.length();

    /** Before it rotations are not compiled to an instruction, but called. */
    private static final int FIRST_JAVA_THAT_ROTATES = 19;
    private static final int ROUNDS = 64;
    private static final int LAST_BYTE_OF_A_NODE = 0xffffff3f;
    /** The state that all begin with. */
    private static final int[] START = new int[NODE_WORDS * LANES];

    static {
        for (int i = 0; i < NODE_WORDS; i++) {
            Arrays.fill(START, i * LANES, (i + 1) * LANES, ShaConstants.start(i));
        }
    }

    private final int[] state = new int[NODE_WORDS * LANES];
    private final int[] middle = new int[NODE_WORDS * LANES];

    /** The one for this JVM. */
    static VectorPairs here() {
        return Runtime.version().feature() < FIRST_JAVA_THAT_ROTATES ? new ShiftedPairs() : new RotatedPairs();
    }

    /** Rounds {@code t} and {@code t + 1}, their words at {@code row0} and {@code row1}. */
    abstract void rounds(int[] s, int t, int[] w, int row0, int row1, int k0, int k1, int lanes);

    /** The same without words: they are in {@code k0} and {@code k1}. */
    abstract void paddingRounds(int[] s, int t, int k0, int k1, int lanes);

    /** The words of rounds {@code t} and {@code t + 1} in place of those sixteen rounds before. */
    abstract void schedule(int[] w, int at, int t, int lanes);

    @Override
    public final void hash(int[] in, int inAt, int[] out, int outAt, int lanes) {
        System.arraycopy(START, 0, state, 0, START.length);
        for (int t = 0; t < ROUNDS; t += 2) {
            if (t >= MESSAGE_WORDS) {
                schedule(in, inAt, t, lanes);
            }
            rounds(state, t, in, inAt + row(t), inAt + row(t + 1), ShaConstants.round(t), ShaConstants.round(t + 1),
                    lanes);
        }
        addStart(state, middle, lanes);
        // The second block is padding, the same for all: its words are in the rounds' constants.
        for (int t = 0; t < ROUNDS; t += 2) {
            paddingRounds(state, t, ShaConstants.paddingRound(t), ShaConstants.paddingRound(t + 1), lanes);
        }
        finish(state, middle, out, outAt, lanes);
    }

    /** Where a round's word lies among the sixteen rows. */
    static int row(int round) {
        return (round & MESSAGE_WORDS - 1) * LANES;
    }

    /** Where one of a…h lies in this round: every round each becomes the next. */
    static int slot(int variable, int round) {
        return (variable - round & NODE_WORDS - 1) * LANES;
    }

    private static void addStart(int[] s, int[] middle, int lanes) {
        for (int row = 0; row < START.length; row += LANES) {
            for (int q = row; q < row + lanes; q += STEP) {
                IntVector v = IntVector.fromArray(WIDE, s, q).add(IntVector.fromArray(WIDE, START, q));
                v.intoArray(s, q);
                v.intoArray(middle, q);
            }
        }
    }

    private static void finish(int[] s, int[] middle, int[] out, int outAt, int lanes) {
        for (int row = 0; row < START.length; row += LANES) {
            int kept = row < START.length - LANES ? -1 : LAST_BYTE_OF_A_NODE;
            for (int q = row; q < row + lanes; q += STEP) {
                IntVector.fromArray(WIDE, s, q).add(IntVector.fromArray(WIDE, middle, q)).and(kept)
                        .intoArray(out, outAt + q);
            }
        }
    }
}
