package io.caravan.piece;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.caravan.codec.Hashes;
import io.caravan.crypto.WideVectors;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Vectors and the JVM's digest give the same nodes. */
class LaneHasherTest {

    private final Random random = new Random(17);

    @BeforeEach
    void needsVectors() {
        assumeTrue(WideVectors.obstacle().isEmpty(), () -> WideVectors.obstacle().orElseThrow());
    }

    private static LaneHasher lanes() {
        return new LaneHasher(VectorPairs.here());
    }

    @Test
    void pairsOfAnyCountAreHashedAsTheDigestDoes() {
        PairHasher wide = new PairHasher(lanes());
        PairHasher plain = new PairHasher(null);
        for (int count : new int[] {0, 1, 15, 16, 17, 63, 64, 127, 128, 129, 160, 300, 512}) {
            byte[] in = new byte[count * 64 + 5];
            random.nextBytes(in);
            byte[] expected = new byte[count * 32 + 3];
            byte[] actual = expected.clone();
            plain.hash(in, 5, expected, 3, count);
            wide.hash(in, 5, actual, 3, count);
            assertThat(actual).isEqualTo(expected);
            wide.hash(in, 5, in, 5, count);
            assertThat(Arrays.copyOfRange(in, 5, 5 + count * 32))
                    .isEqualTo(Arrays.copyOfRange(expected, 3, expected.length));
        }
    }

    @Test
    void aPayloadOfAnyLengthHasTheSameSubtrees() throws IOException {
        ChunkHasher wide = new ChunkHasher(lanes());
        ChunkHasher plain = new ChunkHasher(null);
        for (int length : new int[] {ChunkHasher.PAYLOAD, ChunkHasher.PAYLOAD - 1, ChunkHasher.PAYLOAD / 2, 127, 65}) {
            byte[] payload = new byte[ChunkHasher.PAYLOAD];
            random.nextBytes(payload);
            TreeStack.Node expected = plain.hash(payload, 0, length, null);
            TreeStack.Node actual = wide.hash(payload, 0, length, null);
            assertThat(actual.level()).isEqualTo(expected.level());
            assertThat(actual.hash()).isEqualTo(expected.hash());
        }
    }

    @Test
    void bothWaysOfRotatingGiveTheSame() {
        int[] message = random.ints(PairKernel.MESSAGE_WORDS * PairKernel.LANES).toArray();
        int[] shifted = new int[PairKernel.NODE_WORDS * PairKernel.LANES];
        int[] rotated = shifted.clone();
        new ShiftedPairs().hash(message.clone(), 0, shifted, 0, PairKernel.LANES);
        new RotatedPairs().hash(message, 0, rotated, 0, PairKernel.LANES);
        assertThat(rotated).isEqualTo(shifted);
    }

    @Test
    void theNumbersOfShaAreThoseOfTheDigest() {
        byte[] message = new byte[64];
        byte[] expected = Hashes.sha256(message);
        expected[31] &= 0x3f;
        byte[] out = new byte[LaneHasher.LANES * 64];
        lanes().pairs(out, 0, out, 0, LaneHasher.LANES);
        assertThat(Arrays.copyOf(out, 32)).isEqualTo(expected);
    }
}
