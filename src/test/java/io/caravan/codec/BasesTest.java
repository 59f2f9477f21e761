package io.caravan.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BasesTest {

    @ParameterizedTest
    @CsvSource({"'','',''", "66,my,2m", "666f6f,mzxw6,bQbp", "666f6f626172,mzxw6ytboi,t1Zv2yaZ", "0000ff,aaap6,115Q"})
    void encodesTheKnownForms(String hex, String base32, String base58) {
        byte[] data = Bytes.ofHex(hex).toArray();
        assertThat(Base32.encode(data)).isEqualTo(base32);
        assertThat(Base58.encode(data)).isEqualTo(base58);
        assertThat(Base32.decode(base32)).isEqualTo(data);
        assertThat(Base58.decode(base58)).isEqualTo(data);
    }

    @ParameterizedTest
    @ValueSource(strings = {"MY", "my======", "mz", "a", "m1", "mzxw6aaa1"})
    void refusesBase32ThatEncodingWouldNotMake(String text) {
        assertThatThrownBy(() -> Base32.decode(text)).isInstanceOf(CodecException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "xabc", "b0", "bmz", "f0G", "fAB", "z0", "mAA==", "m!", "kK"})
    void refusesMultibaseThatIsNotCanonical(String text) {
        assertThatThrownBy(() -> Multibase.decode(text)).isInstanceOf(CodecException.class);
    }

    @Test
    void boundsTheQuadraticBases() {
        assertThatThrownBy(() -> Base58.decode("2".repeat(100_000))).isInstanceOf(CodecException.class);
    }

    @Property(tries = 200)
    void everyBaseComesBackAsItWent(@ForAll @Size(max = 80) byte[] data) {
        for (Multibase base : Multibase.values()) {
            assertThat(Multibase.decode(base.encode(data))).as("%s", base).isEqualTo(data);
        }
    }
}
