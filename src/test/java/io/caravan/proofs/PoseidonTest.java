package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PoseidonTest {

    static List<String[]> published() {
        return ProofVectors.rows("poseidon.csv");
    }

    @ParameterizedTest
    @MethodSource("published")
    void hashesWhatIsPublished(String arity, String inputs, String hash) {
        byte[] out = new byte[BatchHash.NODE];
        new ScalarPoseidon(Integer.parseInt(arity)).hash(Bytes.ofHex(inputs).toArray(), 0, out, 0, 1);
        assertThat(Bytes.of(out).hex()).isEqualTo(hash);
    }

    static Stream<PoseidonKernels> kernels() {
        return Arrays.stream(PoseidonKernels.values()).filter(PoseidonKernels::isThere);
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyKernelHashesWhatIsPublished(PoseidonKernels kernel) {
        for (String[] row : published()) {
            int arity = Integer.parseInt(row[0]);
            byte[] in = Bytes.ofHex(row[1].repeat(40)).toArray();
            byte[] out = new byte[40 * BatchHash.NODE];
            kernel.hasher(arity).hash(in, 0, out, 0, 40);
            assertThat(Bytes.of(out).hex()).isEqualTo(row[2].repeat(40));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void everyKernelAgreesWithTheScalarCode(PoseidonKernels kernel) {
        assertThat(kernel.agrees()).isTrue();
        Random random = new Random(23);
        for (int arity : new int[] {2, 4, 8, 11}) {
            for (int count : new int[] {1, 31, 32, 33, 64}) {
                byte[] in = new byte[count * arity * BatchHash.NODE];
                random.nextBytes(in);
                Arrays.fill(in, 0, BatchHash.NODE, (byte) 0xff);
                byte[] expected = new byte[count * BatchHash.NODE];
                PoseidonKernels.SCALAR.hasher(arity).hash(in, 0, expected, 0, count);
                kernel.hasher(arity).hash(in, 0, in, 0, count);
                assertThat(Bytes.of(in, 0, expected.length)).isEqualTo(Bytes.of(expected));
            }
        }
    }

    @Test
    void mayWriteOverItsInputs() {
        byte[] nodes = Bytes.ofHex("05".repeat(32 * 16)).toArray();
        byte[] apart = new byte[64];
        ScalarPoseidon poseidon = new ScalarPoseidon(8);
        poseidon.hash(nodes, 0, apart, 0, 2);
        poseidon.hash(nodes, 0, nodes, 0, 2);
        assertThat(Bytes.of(nodes, 0, 64)).isEqualTo(Bytes.of(apart));
    }

    @Test
    void hasTheTreesArities() {
        List<Integer> arities = new ArrayList<>(List.of(2, 4, 8, 11));
        assertThat(arities).allSatisfy(arity -> assertThat(new ScalarPoseidon(arity).arity()).isEqualTo(arity));
        assertThatThrownBy(() -> new ScalarPoseidon(3)).hasMessageContaining("not 3");
    }
}
