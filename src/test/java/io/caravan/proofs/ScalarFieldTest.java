package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ScalarFieldTest {

    private static final BigInteger P = ScalarField.ORDER;
    private static final BigInteger R = BigInteger.ONE.shiftLeft(256);
    private static final List<BigInteger> EDGES = List.of(BigInteger.ZERO, BigInteger.ONE, P.subtract(BigInteger.ONE),
            P.shiftRight(1), BigInteger.ONE.shiftLeft(254).subtract(BigInteger.ONE), R.mod(P));

    private final Random random = new Random(7);

    @Test
    void calculatesLikeIntegersModuloTheOrder() {
        for (int i = 0; i < 20_000; i++) {
            BigInteger a = i < 36 ? EDGES.get(i / 6) : element();
            BigInteger b = i < 36 ? EDGES.get(i % 6) : element();
            long[] words = new long[12];
            ScalarField.read(node(a), 0, words, 0);
            ScalarField.read(node(b), 0, words, 4);
            ScalarField.multiply(words, 0, words, 4, words, 8);
            assertThat(value(words)).isEqualTo(a.multiply(b).multiply(R.modInverse(P)).mod(P));
            ScalarField.add(words, 0, words, 4, words, 8);
            assertThat(value(words)).isEqualTo(a.add(b).mod(P));
            ScalarField.subtract(words, 0, words, 4, words, 8);
            assertThat(value(words)).isEqualTo(a.subtract(b).mod(P));
        }
    }

    @Test
    void reducesWhatIsNotBelowTheOrder() {
        for (BigInteger big : List.of(P, P.add(BigInteger.ONE), R.subtract(BigInteger.ONE), P.shiftLeft(1))) {
            long[] words = new long[12];
            ScalarField.read(node(big), 0, words, 8);
            assertThat(value(words)).isEqualTo(big.mod(P));
            assertThat(Commitments.isNode(Bytes.of(node(big)))).isFalse();
        }
        assertThat(Commitments.isNode(Bytes.of(node(P.subtract(BigInteger.ONE))))).isTrue();
    }

    @Test
    void decodesWhatItEncoded() {
        for (int i = 0; i < 1_000; i++) {
            Bytes data = Bytes.of(node(element()));
            Bytes label = Bytes.of(node(element()));
            assertThat(Commitments.decode(Commitments.encode(data, label), label)).isEqualTo(data);
        }
    }

    private BigInteger element() {
        return new BigInteger(300, random).mod(P);
    }

    private static byte[] node(BigInteger value) {
        byte[] node = new byte[32];
        for (int i = 0; i < 32; i++) {
            node[i] = value.shiftRight(8 * i).byteValue();
        }
        return node;
    }

    private static BigInteger value(long[] words) {
        BigInteger value = BigInteger.ZERO;
        for (int i = 11; i >= 8; i--) {
            value = value.shiftLeft(64).or(new BigInteger(Long.toUnsignedString(words[i])));
        }
        return value;
    }
}
