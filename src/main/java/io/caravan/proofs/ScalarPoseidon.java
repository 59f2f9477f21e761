package io.caravan.proofs;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Poseidon, one hash at a time with 64-bit words: what the fast forms are held against, and best for a few hashes. */
final class ScalarPoseidon implements BatchHash {

    private static final int WORDS = 4;

    /** The constants of one arity as this class multiplies by them. */
    private record Words(int width, int partialRounds, long[] tag, long[] keys, long[] mds, long[] preSparse,
            long[] columns, long[] rows) {

        static Words of(int arity) {
            PoseidonConstants constants = PoseidonConstants.ofArity(arity);
            return new Words(constants.width(), constants.partialRounds(), words(Stream.of(constants.tag())),
                    words(constants.keys().stream()), words(constants.mds()), words(constants.preSparse()),
                    words(constants.columns()), words(constants.rows()));
        }
    }

    private static final Map<Integer, Words> CONVERTED = new ConcurrentHashMap<>();

    private final int width;
    private final int partialRounds;
    private final long[] tag;
    private final long[] keys;
    private final long[] mds;
    private final long[] preSparse;
    private final long[] columns;
    private final long[] rows;
    private final long[] state;
    private final long[] mixed;
    private final long[] scratch = new long[WORDS];

    ScalarPoseidon(int arity) {
        Words constants = CONVERTED.computeIfAbsent(arity, Words::of);
        width = constants.width();
        partialRounds = constants.partialRounds();
        tag = constants.tag();
        keys = constants.keys();
        mds = constants.mds();
        preSparse = constants.preSparse();
        columns = constants.columns();
        rows = constants.rows();
        state = new long[width * WORDS];
        mixed = new long[width * WORDS];
    }

    private static long[] words(Stream<BigInteger> values) {
        BigInteger[] all = values.toArray(BigInteger[]::new);
        long[] words = new long[all.length * WORDS];
        for (int i = 0; i < all.length; i++) {
            ScalarField.putConstant(all[i], words, i * WORDS);
        }
        return words;
    }

    private static long[] words(List<BigInteger[]> vectors) {
        return words(vectors.stream().flatMap(Arrays::stream));
    }

    private static long[] words(FieldMatrix matrix) {
        int n = matrix.size();
        return words(Stream.iterate(0, i -> i + 1).limit((long) n * n).map(i -> matrix.at(i / n, i % n)));
    }

    @Override
    public int arity() {
        return width - 1;
    }

    @Override
    public void hash(byte[] in, int inAt, byte[] out, int outAt, int count) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(tag, 0, state, 0, WORDS);
            for (int j = 1; j < width; j++) {
                ScalarField.read(in, inAt + (i * arity() + j - 1) * NODE, state, j * WORDS);
                ScalarField.toMontgomery(state, j * WORDS);
            }
            permute();
            ScalarField.fromMontgomery(state, WORDS);
            ScalarField.write(state, WORDS, out, outAt + i * NODE);
        }
    }

    private void permute() {
        int key = 0;
        for (int i = 0; i < width; i++, key += WORDS) {
            ScalarField.add(state, i * WORDS, keys, key, state, i * WORDS);
        }
        for (int round = 0; round < PoseidonConstants.HALF; round++) {
            key = fullBoxes(key);
            mix(round == PoseidonConstants.HALF - 1 ? preSparse : mds);
        }
        for (int round = 0; round < partialRounds; round++, key += WORDS) {
            box(0);
            ScalarField.add(state, 0, keys, key, state, 0);
            mixSparse(round * width * WORDS);
        }
        for (int round = 1; round < PoseidonConstants.HALF; round++) {
            key = fullBoxes(key);
            mix(mds);
        }
        for (int i = 0; i < width; i++) {
            box(i * WORDS);
        }
        mix(mds);
    }

    private int fullBoxes(int firstKey) {
        int key = firstKey;
        for (int i = 0; i < width * WORDS; i += WORDS, key += WORDS) {
            box(i);
            ScalarField.add(state, i, keys, key, state, i);
        }
        return key;
    }

    /** The S-box: the fifth power. */
    private void box(int at) {
        ScalarField.multiply(state, at, state, at, scratch, 0);
        ScalarField.multiply(scratch, 0, scratch, 0, scratch, 0);
        ScalarField.multiply(state, at, scratch, 0, state, at);
    }

    private void mix(long[] matrix) {
        for (int j = 0; j < width; j++) {
            ScalarField.multiply(state, 0, matrix, j * WORDS, mixed, j * WORDS);
            for (int i = 1; i < width; i++) {
                ScalarField.multiply(state, i * WORDS, matrix, (i * width + j) * WORDS, scratch, 0);
                ScalarField.add(mixed, j * WORDS, scratch, 0, mixed, j * WORDS);
            }
        }
        System.arraycopy(mixed, 0, state, 0, width * WORDS);
    }

    private void mixSparse(int at) {
        ScalarField.multiply(state, 0, columns, at, mixed, 0);
        for (int i = 1; i < width; i++) {
            ScalarField.multiply(state, i * WORDS, columns, at + i * WORDS, scratch, 0);
            ScalarField.add(mixed, 0, scratch, 0, mixed, 0);
            ScalarField.multiply(state, 0, rows, at + i * WORDS, scratch, 0);
            ScalarField.add(state, i * WORDS, scratch, 0, state, i * WORDS);
        }
        System.arraycopy(mixed, 0, state, 0, WORDS);
    }
}
