package io.caravan.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.support.Hostile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufTest {

    @Test
    void writesAndReadsFields() {
        byte[] message = new ProtobufWriter().varint(1, 150).text(2, "testing").bool(3, true).varint(4, -1)
                .bytes(16, new byte[] {1, 2}).toByteArray();
        assertThat(Bytes.wrap(message).hex())
                .isEqualTo("089601120774657374696e67180120ffffffffffffffffff018201020102");
        ProtobufReader in = new ProtobufReader(message);
        assertThat(in.next()).isTrue();
        assertThat(in.varint()).isEqualTo(150);
        assertThat(in.next()).isTrue();
        assertThat(in.text(7)).isEqualTo("testing");
        assertThat(in.next()).isTrue();
        assertThat(in.next()).as("an unread field is skipped").isTrue();
        assertThat(in.varint()).isEqualTo(-1);
        assertThat(in.next()).isTrue();
        assertThat(in.field()).isEqualTo(16);
        assertThat(in.bytes(2)).containsExactly(1, 2);
        assertThat(in.next()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "0b", "0c", "0e", "08", "0880", "08ffffffffffffffffff02", "0a05", "0affffffff0f",
        "0affffffffffffffffff01", "09000000", "0d00"})
    void refusesBrokenFields(String hex) {
        assertThatThrownBy(() -> drain(Bytes.ofHex(hex).toArray())).isInstanceOf(CodecException.class);
    }

    @Test
    void refusesAFieldOfAnotherKindOrSize() {
        ProtobufReader in = new ProtobufReader(new ProtobufWriter().varint(1, 1).text(2, "abc").toByteArray());
        in.next();
        assertThatThrownBy(() -> in.bytes(10)).isInstanceOf(CodecException.class);
        ProtobufReader other = new ProtobufReader(new ProtobufWriter().text(2, "abc").toByteArray());
        other.next();
        assertThatThrownBy(() -> other.text(2)).isInstanceOf(CodecException.class);
    }

    @Test
    void survivesNoise() {
        Hostile.survivesNoise(new ProtobufWriter().varint(1, 150).text(2, "testing").toByteArray(),
                CodecException.class, ProtobufTest::drain);
    }

    private static Object drain(byte[] message) {
        ProtobufReader in = new ProtobufReader(message);
        int fields = 0;
        while (in.next()) {
            fields++;
        }
        return fields;
    }
}
