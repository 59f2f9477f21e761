package io.caravan.proofs;

import static io.caravan.proofs.LimbKernel.BITS;
import static io.caravan.proofs.LimbKernel.ELEMENT;
import static io.caravan.proofs.LimbKernel.LANES;
import static io.caravan.proofs.LimbKernel.LIMBS;
import static io.caravan.proofs.LimbKernel.MASK;
import static io.caravan.proofs.LimbKernel.SUM;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Poseidon, 32 hashes at a time. Elements are Montgomery's with R = 2^261, which is 70 times the order, and are reduced
 * only as far as they have to be: sums of products are reduced once and not product by product, and no element ever
 * reaches R (the largest, those that 57 partial rounds add to, stay below 61 times the order).
 */
final class LimbPoseidon implements BatchHash {

    private static final VarHandle LE = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final BigInteger R = BigInteger.ONE.shiftLeft(LIMBS * BITS);
    /**
     * So many products of elements fit a sum before its rows have to be carried: 6 · 9 products, and 9 for the folding.
     */
    private static final int MOST_PRODUCTS = 6;
    private static final long[] ONE = limbs(BigInteger.ONE);
    private static final long[] R_SQUARED = limbs(R.multiply(R).mod(ScalarField.ORDER));

    private final LimbKernel kernel;
    private final PoseidonConstants constants;
    private final int width;
    private final long[] tag;
    private final long[][] keys;
    private final long[][] mds;
    private final long[][] preSparse;
    private final long[][] columns;
    private final long[][] rows;
    private final long[] sum = new long[SUM];
    private final long[] square = new long[ELEMENT];
    private final long[] words = new long[4];
    private long[] state;
    private long[] mixed;

    LimbPoseidon(int arity, LimbKernel kernel) {
        this.kernel = kernel;
        this.constants = PoseidonConstants.ofArity(arity);
        this.width = constants.width();
        this.tag = montgomery(constants.tag());
        this.keys = constants.keys().stream().map(LimbPoseidon::montgomery).toArray(long[][]::new);
        this.mds = matrix(constants.mds());
        this.preSparse = matrix(constants.preSparse());
        this.columns = constants.columns().stream().flatMap(Arrays::stream).map(LimbPoseidon::montgomery)
                .toArray(long[][]::new);
        this.rows = constants.rows().stream().flatMap(Arrays::stream).map(LimbPoseidon::montgomery)
                .toArray(long[][]::new);
        this.state = new long[width * ELEMENT];
        this.mixed = new long[width * ELEMENT];
    }

    private static long[][] matrix(FieldMatrix matrix) {
        int n = matrix.size();
        long[][] cells = new long[n * n][];
        for (int i = 0; i < n * n; i++) {
            cells[i] = montgomery(matrix.at(i / n, i % n));
        }
        return cells;
    }

    private static long[] montgomery(BigInteger value) {
        return limbs(value.multiply(R).mod(ScalarField.ORDER));
    }

    private static long[] limbs(BigInteger value) {
        long[] limbs = new long[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            limbs[i] = value.shiftRight(BITS * i).longValue() & MASK;
        }
        return limbs;
    }

    @Override
    public int arity() {
        return width - 1;
    }

    @Override
    public void hash(byte[] in, int inAt, byte[] out, int outAt, int count) {
        for (int from = 0; from < count; from += LANES) {
            int lanes = Math.min(LANES, count - from);
            fill(state, 0, tag);
            for (int j = 1; j < width; j++) {
                for (int lane = 0; lane < lanes; lane++) {
                    load(in, inAt + ((from + lane) * arity() + j - 1) * NODE, state, j * ELEMENT + lane);
                }
                begin();
                multiplyBy(j * ELEMENT, R_SQUARED);
                end(state, j * ELEMENT);
            }
            permute();
            begin();
            multiplyBy(ELEMENT, ONE);
            end(square, 0);
            for (int lane = 0; lane < lanes; lane++) {
                store(square, lane, out, outAt + (from + lane) * NODE);
            }
        }
    }

    private void permute() {
        int key = 0;
        for (int i = 0; i < width; i++) {
            begin(keys[key++]);
            add(state, i * ELEMENT);
            end(state, i * ELEMENT);
        }
        for (int round = 0; round < PoseidonConstants.HALF; round++) {
            for (int i = 0; i < width; i++) {
                box(i * ELEMENT, keys[key++]);
            }
            mix(round == PoseidonConstants.HALF - 1 ? preSparse : mds);
        }
        for (int round = 0; round < constants.partialRounds(); round++) {
            box(0, keys[key++]);
            mixSparse(round * width);
        }
        for (int round = 1; round <= PoseidonConstants.HALF; round++) {
            for (int i = 0; i < width; i++) {
                box(i * ELEMENT, round < PoseidonConstants.HALF ? keys[key++] : null);
            }
            mix(mds);
        }
    }

    /** The S-box, the fifth power; and the key on top of it. */
    private void box(int at, long @Nullable [] key) {
        begin();
        multiply(state, at, state, at);
        end(square, 0);
        begin();
        multiply(square, 0, square, 0);
        end(square, 0);
        if (key == null) {
            begin();
        } else {
            begin(key);
        }
        multiply(square, 0, state, at);
        end(state, at);
    }

    private void mix(long[][] matrix) {
        for (int j = 0; j < width; j++) {
            begin();
            for (int i = 0; i < width; i++) {
                carryWhenFull(i);
                multiplyBy(i * ELEMENT, matrix[i * width + j]);
            }
            end(mixed, j * ELEMENT);
        }
        long[] free = state;
        state = mixed;
        mixed = free;
    }

    private void mixSparse(int first) {
        begin();
        for (int i = 0; i < width; i++) {
            carryWhenFull(i);
            multiplyBy(i * ELEMENT, columns[first + i]);
        }
        end(mixed, 0);
        for (int i = 1; i < width; i++) {
            begin();
            add(state, i * ELEMENT);
            multiplyBy(0, rows[first + i]);
            end(state, i * ELEMENT);
        }
        System.arraycopy(mixed, 0, state, 0, ELEMENT);
    }

    // A sum begins, takes products and elements, and ends reduced. What is added times R comes out as it was.

    private void begin() {
        Arrays.fill(sum, 0);
    }

    private void begin(long[] constant) {
        Arrays.fill(sum, 0, ELEMENT, 0);
        fill(sum, ELEMENT, constant);
    }

    private void add(long[] element, int at) {
        kernel.addMultiple(1, element, at, sum, ELEMENT);
    }

    private void multiply(long[] a, int aAt, long[] b, int bAt) {
        for (int i = 0; i < ELEMENT; i += LANES) {
            kernel.addProducts(a, aAt + i, b, bAt, sum, i);
        }
    }

    private void multiplyBy(int at, long[] constant) {
        for (int i = 0; i < LIMBS; i++) {
            kernel.addMultiple(constant[i], state, at, sum, i * LANES);
        }
    }

    private void carryWhenFull(int products) {
        if (products > 0 && products % MOST_PRODUCTS == 0) {
            for (int at = 0; at < SUM - LANES; at += LANES) {
                kernel.carry(sum, at, sum, at);
            }
        }
    }

    private void end(long[] out, int at) {
        for (int i = 0; i < ELEMENT; i += LANES) {
            kernel.fold(sum, i);
        }
        for (int i = 0; i < ELEMENT - LANES; i += LANES) {
            kernel.carry(sum, ELEMENT + i, out, at + i);
        }
        System.arraycopy(sum, SUM - LANES, out, at + ELEMENT - LANES, LANES);
    }

    private static void fill(long[] out, int at, long[] constant) {
        for (int i = 0; i < LIMBS; i++) {
            Arrays.fill(out, at + i * LANES, at + (i + 1) * LANES, constant[i]);
        }
    }

    private static void load(byte[] in, int at, long[] out, int lane) {
        long a = (long) LE.get(in, at);
        long b = (long) LE.get(in, at + 8);
        long c = (long) LE.get(in, at + 16);
        long d = (long) LE.get(in, at + 24);
        out[lane] = a & MASK;
        out[lane + LANES] = a >>> 29 & MASK;
        out[lane + 2 * LANES] = (a >>> 58 | b << 6) & MASK;
        out[lane + 3 * LANES] = b >>> 23 & MASK;
        out[lane + 4 * LANES] = (b >>> 52 | c << 12) & MASK;
        out[lane + 5 * LANES] = c >>> 17 & MASK;
        out[lane + 6 * LANES] = (c >>> 46 | d << 18) & MASK;
        out[lane + 7 * LANES] = d >>> 11 & MASK;
        out[lane + 8 * LANES] = d >>> 40;
    }

    private void store(long[] in, int lane, byte[] out, int at) {
        long l2 = in[lane + 2 * LANES];
        long l4 = in[lane + 4 * LANES];
        long l6 = in[lane + 6 * LANES];
        ScalarField.reduce(in[lane] | in[lane + LANES] << 29 | l2 << 58,
                l2 >>> 6 | in[lane + 3 * LANES] << 23 | l4 << 52, l4 >>> 12 | in[lane + 5 * LANES] << 17 | l6 << 46,
                l6 >>> 18 | in[lane + 7 * LANES] << 11 | in[lane + 8 * LANES] << 40, words, 0);
        ScalarField.write(words, 0, out, at);
    }
}
