package io.caravan.proofs;

import io.caravan.crypto.SpeedTrial;
import io.caravan.crypto.WideVectors;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/**
 * Which code computes many Poseidon hashes in this process: 64-bit words, one hash at a time, until {@link #choose}
 * found another that agrees with it and is quicker here. One choice a process, for it is about the machine.
 */
public enum PoseidonKernels {
    /** One hash at a time. */
    SCALAR("one at a time"),
    /** Thirty-two at a time in plain loops. */
    LIMBS("32 at a time in plain loops"),
    /** Thirty-two at a time on wide vectors. */
    VECTORS("32 at a time on vectors");

    private static final int TRIAL_ARITY = 2;
    private static final int TRIAL = 64;
    private static volatile PoseidonKernels chosen = SCALAR;

    private final String words;

    PoseidonKernels(String words) {
        this.words = words;
    }

    static PoseidonKernels chosen() {
        return chosen;
    }

    /** Takes this one from now on. */
    static void use(PoseidonKernels kernel) {
        chosen = kernel;
    }

    /** For one thread. */
    BatchHash hasher(int arity) {
        return switch (this) {
            case SCALAR -> new ScalarPoseidon(arity);
            case LIMBS -> new LimbPoseidon(arity, new PlainLimbs());
            case VECTORS -> new LimbPoseidon(arity, new VectorLimbs());
        };
    }

    /** Whether this JVM can run it at all. */
    boolean isThere() {
        return this != VECTORS || WideVectors.obstacle().isEmpty();
    }

    /** Tries what there is, a second each, chooses the quickest that agrees with {@link #SCALAR}, and says so. */
    public static String choose() {
        PoseidonKernels best = SCALAR;
        double bestRate = SCALAR.rate(TRIAL_ARITY);
        double scalarRate = bestRate;
        for (PoseidonKernels other : new PoseidonKernels[] {LIMBS, VECTORS}) {
            double rate = other.isThere() && other.agrees() ? other.rate(TRIAL_ARITY) : 0;
            if (rate > bestRate) {
                best = other;
                bestRate = rate;
            }
        }
        use(best);
        Optional<String> obstacle = WideVectors.obstacle();
        return String.format(Locale.ROOT, "Poseidon %s (%.0f hashes/s a thread, %.0f one at a time%s)", best.words,
                bestRate, scalarRate, obstacle.map(why -> "; no vectors: " + why).orElse(""));
    }

    /** Hashes a second of one arity on one thread, of everything that is there; a second each. */
    public static String rates(int arity) {
        double scalar = SCALAR.rate(arity);
        StringBuilder text = new StringBuilder(
                String.format(Locale.ROOT, "Poseidon, arity %2d: %7.0f/s %s", arity, scalar, SCALAR.words));
        for (PoseidonKernels other : new PoseidonKernels[] {LIMBS, VECTORS}) {
            if (other.isThere()) {
                double rate = other.rate(arity);
                text.append(String.format(Locale.ROOT, ", %7.0f/s %s (%.1f times)", rate, other.words, rate / scalar));
            }
        }
        return text.toString();
    }

    /** Whether it gives the scalar code's results, over all arities and some random nodes. */
    boolean agrees() {
        Random random = new Random(2);
        for (int arity : new int[] {2, 4, 8, 11}) {
            byte[] in = new byte[(LimbKernel.LANES + 1) * arity * PoRep.NODE];
            random.nextBytes(in);
            byte[] expected = new byte[(LimbKernel.LANES + 1) * PoRep.NODE];
            byte[] actual = expected.clone();
            SCALAR.hasher(arity).hash(in, 0, expected, 0, LimbKernel.LANES + 1);
            hasher(arity).hash(in, 0, actual, 0, LimbKernel.LANES + 1);
            if (!Arrays.equals(expected, actual)) {
                return false;
            }
        }
        return true;
    }

    /** Hashes a second on this thread; takes a second. */
    double rate(int arity) {
        BatchHash hasher = hasher(arity);
        byte[] in = new byte[TRIAL * arity * PoRep.NODE];
        byte[] out = new byte[TRIAL * PoRep.NODE];
        return TRIAL / SpeedTrial.best(() -> hasher.hash(in, 0, out, 0, TRIAL));
    }
}
