package io.caravan.piece;

import io.caravan.crypto.SpeedTrial;
import io.caravan.crypto.WideVectors;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Which code hashes the nodes of pieces and sectors in this process: the JVM's digest until {@link #choose} found
 * another one that agrees with it and is quicker here. One choice a process, for it is about the machine.
 */
public final class PairKernels {

    private static final double MIB = 1 << 20;
    private static volatile boolean isWide;

    private PairKernels() {
    }

    /** Tries what there is against the digest, for about two seconds, chooses, and says so in a few words. */
    public static String choose() {
        Optional<String> obstacle = WideVectors.obstacle();
        if (obstacle.isPresent()) {
            return "SHA-256 one at a time (" + obstacle.get() + ")";
        }
        byte[] chunk = new byte[ChunkHasher.PAYLOAD];
        new Random(1).nextBytes(chunk);
        LaneHasher lanes = new LaneHasher(VectorPairs.here());
        ChunkHasher byDigest = new ChunkHasher(null);
        ChunkHasher byVectors = new ChunkHasher(lanes);
        if (!Arrays.equals(byDigest.whole(chunk, 0), byVectors.whole(chunk, 0)) || !agrees(lanes, chunk)) {
            return "SHA-256 one at a time (vectors gave another result)";
        }
        double plain = ChunkHasher.PAYLOAD / MIB / SpeedTrial.best(() -> byDigest.whole(chunk, 0));
        double wide = ChunkHasher.PAYLOAD / MIB / SpeedTrial.best(() -> byVectors.whole(chunk, 0));
        isWide = wide > plain;
        return String.format(Locale.ROOT, "SHA-256 %s (%.0f MiB/s of payload a thread, %.0f %s)",
                isWide ? PairKernel.LANES + " at a time" : "one at a time", Math.max(plain, wide),
                Math.min(plain, wide), isWide ? "one at a time" : "on vectors");
    }

    private static boolean agrees(LaneHasher lanes, byte[] chunk) {
        int count = LaneHasher.LANES + PairKernel.FEWEST + 1;
        byte[] pairs = chunk.clone();
        new PairHasher(lanes).hash(pairs, 0, pairs, 0, count);
        byte[] expected = chunk.clone();
        new PairHasher(null).hash(expected, 0, expected, 0, count);
        return Arrays.equals(expected, pairs);
    }

    /** Lanes for one thread, null while the digest is the choice. */
    static @Nullable LaneHasher lanes() {
        return isWide ? new LaneHasher(VectorPairs.here()) : null;
    }
}
