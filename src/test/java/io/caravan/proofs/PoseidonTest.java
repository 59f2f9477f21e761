package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
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
