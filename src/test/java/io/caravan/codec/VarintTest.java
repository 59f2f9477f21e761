package io.caravan.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VarintTest {

    @ParameterizedTest
    @CsvSource({"0,00", "1,01", "127,7f", "128,8001", "300,ac02", "16384,808001", "61697,81e203",
        "9223372036854775807,ffffffffffffffff7f"})
    void writesTheKnownForms(long value, String hex) {
        assertThat(Bytes.wrap(Varint.encode(value)).hex()).isEqualTo(hex);
        assertThat(Varint.size(value)).isEqualTo(hex.length() / 2);
        assertThat(Varint.read(Bytes.ofHex(hex).asBuffer())).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "80", "8000", "8100", "ffffffffffffffff80", "ffffffffffffffffff01", "808080808080808000"})
    void refusesWhatIsCutLongOrNotMinimal(String hex) {
        assertThatThrownBy(() -> Varint.read(Bytes.ofHex(hex).asBuffer())).isInstanceOf(CodecException.class);
    }

    @Test
    void saysWhenAStreamEndsBetweenVarints() throws IOException {
        var in = new ByteArrayInputStream(new byte[] {5});
        assertThat(Varint.readOrEnd(in)).isEqualTo(5);
        assertThat(Varint.readOrEnd(in)).isEqualTo(-1);
        assertThatThrownBy(() -> Varint.readOrEnd(new ByteArrayInputStream(new byte[] {-1})))
                .isInstanceOf(CodecException.class);
    }

    @Property(tries = 300)
    void comesBackAsItWent(@ForAll @LongRange(min = 0) long value) {
        assertThat(Varint.read(ByteBuffer.wrap(Varint.encode(value)))).isEqualTo(value);
    }
}
