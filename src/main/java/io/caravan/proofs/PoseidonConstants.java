package io.caravan.proofs;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Poseidon of one arity adds and multiplies by, in the optimised form in which a partial round costs a row and a
 * column and not a matrix (spec sealing §2.5). Derived when first asked for and held against the published first
 * constant.
 *
 * @param width elements of the state: the tag and the inputs
 * @param keys in the order in which they are added: before the first round, after the S-boxes of each round but the
 * last
 * @param mds the mixing matrix of full rounds, symmetric
 * @param preSparse the matrix of the fourth full round
 * @param columns of each partial round, what the state is multiplied by to give element 0
 * @param rows of each partial round, what element 0 is multiplied by and added to the others; entry 0 is not used
 */
record PoseidonConstants(int width, int partialRounds, BigInteger tag, List<BigInteger> keys, FieldMatrix mds,
        FieldMatrix preSparse, List<BigInteger[]> columns, List<BigInteger[]> rows) {

    static final int FULL_ROUNDS = 8;
    static final int HALF = FULL_ROUNDS / 2;

    private record Published(int partialRounds, String firstConstant) {
    }

    private static final Map<Integer, Published> PUBLISHED = Map.of(
            2, new Published(55, "669f064bfa3ae17a23bd51861dbb4a24501eac92a2758b36a7320a009d6ed3d8"),
            4, new Published(56, "45c919736a0e5f2ef32c4c7d0a338eb1fed3d9e317b7580921072285c7e215ca"),
            8, new Published(57, "6ce90d12c4045fe08c3caddb776dd84ac52b4ae7e48cd49443984154f2f4c2f9"),
            11, new Published(57, "1f6c9576e648b5047399bfc5f38902e0d506f18e0f3ab77de6de096bd089bce4"));
    private static final Map<Integer, PoseidonConstants> DERIVED = new ConcurrentHashMap<>();

    /** @throws IllegalArgumentException for an arity that no tree and no column has */
    static PoseidonConstants ofArity(int arity) {
        if (!PUBLISHED.containsKey(arity)) {
            throw new IllegalArgumentException("Poseidon has arity 2, 4, 8 or 11 here, not " + arity);
        }
        return DERIVED.computeIfAbsent(arity, PoseidonConstants::derive);
    }

    int arity() {
        return width - 1;
    }

    private static PoseidonConstants derive(int arity) {
        int width = arity + 1;
        Published published = PUBLISHED.get(arity);
        int partial = published.partialRounds();
        var grain = new GrainLfsr(width, FULL_ROUNDS, partial);
        BigInteger[][] drawn = new BigInteger[FULL_ROUNDS + partial][width];
        for (BigInteger[] round : drawn) {
            for (int i = 0; i < width; i++) {
                round[i] = grain.next();
            }
        }
        if (!drawn[0][0].equals(new BigInteger(published.firstConstant(), 16))) {
            throw new IllegalStateException("Poseidon's first constant of arity " + arity + " is "
                    + drawn[0][0].toString(16) + ", published is " + published.firstConstant());
        }
        FieldMatrix mds =
                FieldMatrix.of(width, (i, j) -> BigInteger.valueOf(i + j + width).modInverse(ScalarField.ORDER));
        List<BigInteger[]> columns = new ArrayList<>();
        List<BigInteger[]> rows = new ArrayList<>();
        FieldMatrix pre = factor(mds, partial, columns, rows);
        return new PoseidonConstants(width, partial, BigInteger.ONE.shiftLeft(arity).subtract(BigInteger.ONE),
                List.copyOf(keys(drawn, mds.inverse(), partial)), mds, pre, List.copyOf(columns), List.copyOf(rows));
    }

    /** Moves what full rounds add in front of the mixing, and gathers what partial rounds add in element 0. */
    private static List<BigInteger> keys(BigInteger[][] drawn, FieldMatrix inverse, int partial) {
        List<BigInteger> keys = new ArrayList<>(Arrays.asList(drawn[0]));
        for (int r = 1; r < HALF; r++) {
            keys.addAll(Arrays.asList(inverse.times(drawn[r])));
        }
        Deque<BigInteger> partialKeys = new ArrayDeque<>();
        BigInteger[] carried = drawn[HALF + partial];
        for (int r = HALF + partial - 1; r >= HALF; r--) {
            BigInteger[] before = inverse.times(carried);
            partialKeys.addFirst(before[0]);
            before[0] = BigInteger.ZERO;
            for (int i = 0; i < before.length; i++) {
                before[i] = before[i].add(drawn[r][i]).mod(ScalarField.ORDER);
            }
            carried = before;
        }
        keys.addAll(Arrays.asList(inverse.times(carried)));
        keys.addAll(partialKeys);
        for (int r = 1; r < HALF; r++) {
            keys.addAll(Arrays.asList(inverse.times(drawn[HALF + partial + r])));
        }
        return keys;
    }

    /** Splits the mixing of the partial rounds, last to first, into sparse layers; returns what is left before them. */
    private static FieldMatrix factor(FieldMatrix mds, int partial, List<BigInteger[]> columns,
            List<BigInteger[]> rows) {
        int width = mds.size();
        FieldMatrix current = mds;
        for (int round = 0; round < partial; round++) {
            FieldMatrix whole = current;
            BigInteger[] below = new BigInteger[width - 1];
            BigInteger[] row = new BigInteger[width];
            row[0] = BigInteger.ZERO;
            for (int i = 1; i < width; i++) {
                below[i - 1] = whole.at(i, 0);
                row[i] = whole.at(0, i);
            }
            BigInteger[] solved = whole.minor().inverse().times(below);
            BigInteger[] column = new BigInteger[width];
            column[0] = whole.at(0, 0);
            System.arraycopy(solved, 0, column, 1, width - 1);
            columns.add(0, column);
            rows.add(0, row);
            current = mds.times(FieldMatrix.of(width, (i, j) -> {
                if (i == 0 || j == 0) {
                    return i == j ? BigInteger.ONE : BigInteger.ZERO;
                }
                return whole.at(i, j);
            }));
        }
        return current;
    }
}
