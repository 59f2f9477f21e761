package io.caravan.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.support.Hostile;
import io.caravan.support.WireVectors;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CborTest {

    @ParameterizedTest
    @ValueSource(strings = {"0", "23", "24", "255", "256", "65535", "65536", "4294967295", "4294967296", "34359738368"})
    void writesAndReadsTheUnsignedVectors(String number) {
        byte[] expected = WireVectors.bytes("uint." + number);
        assertThat(new CborWriter().uint(Long.parseLong(number)).toByteArray()).isEqualTo(expected);
        assertThat(reader(expected).uint()).isEqualTo(Long.parseLong(number));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "-1", "255", "256", "500000000", "1000000000000000000"})
    void writesAndReadsTheBigIntegerVectors(String number) {
        byte[] expected = WireVectors.bytes("bigint." + number);
        assertThat(new CborWriter().bigInt(new BigInteger(number)).toByteArray()).isEqualTo(expected);
        assertThat(reader(expected).bigInt()).isEqualTo(new BigInteger(number));
    }

    @ParameterizedTest
    @CsvSource({"10,42000a", "-10,42010a", "9999,4300270f", "100000,44000186a0",
        "12345678901234567891234567890123456789012345678901234567890,581a0001f77ee6e3ac697038ca42940921feba35dcbe5496ce3f0ad2"})
    void writesAndReadsTheChainsBigIntegers(String number, String hex) {
        assertThat(new CborWriter().bigInt(new BigInteger(number)).toBytes().hex()).isEqualTo(hex);
        assertThat(reader(Bytes.ofHex(hex).toArray()).bigInt()).isEqualTo(new BigInteger(number));
    }

    @ParameterizedTest
    @CsvSource({"-1,20", "-24,37", "-25,3818", "-9223372036854775808,3b7fffffffffffffff", "9223372036854775807,1b7fffffffffffffff"})
    void writesAndReadsSignedNumbers(long number, String hex) {
        assertThat(new CborWriter().integer(number).toBytes().hex()).isEqualTo(hex);
        assertThat(reader(Bytes.ofHex(hex).toArray()).integer()).isEqualTo(number);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1805", "1900ff", "1a0000ffff", "1b00000000ffffffff", "1817"})
    void refusesHeadersThatAreNotMinimal(String hex) {
        assertThatThrownBy(() -> reader(hex).unsigned()).isInstanceOf(CodecException.class)
                .hasMessageContaining("not minimal");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5f", "7f", "9f", "bf", "ff", "1f", "1c", "fc", "f8", "f97e00", "fb7ff0000000000000", "f7", "e0"})
    void refusesIndefiniteReservedAndUnknownItems(String hex) {
        assertThatThrownBy(() -> reader(hex).skip()).isInstanceOf(CodecException.class);
    }

    @Test
    void readsTheUnsignedRangeAsBits() {
        assertThat(reader("1bffffffffffffffff").unsigned()).isEqualTo(-1);
        assertThatThrownBy(() -> reader("1bffffffffffffffff").uint()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> reader("3bffffffffffffffff").integer()).isInstanceOf(CodecException.class);
        assertThat(new CborWriter().unsigned(-1).toBytes().hex()).isEqualTo("1bffffffffffffffff");
    }

    @Test
    void neverTrustsADeclaredLength() {
        assertThatThrownBy(() -> reader("5a7fffffff").bytes(Integer.MAX_VALUE)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> reader("5bffffffffffffffff").bytes(100)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> reader("9bffffffffffffffff").array()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> reader("992000").array()).isInstanceOf(CodecException.class)
                .hasMessageContaining("bytes are left");
        assertThatThrownBy(() -> reader("992001").array()).isInstanceOf(CodecException.class)
                .hasMessageContaining("8192");
        assertThatThrownBy(() -> reader("a100").map()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> reader("4403020100").bytes(3)).isInstanceOf(CodecException.class);
    }

    @Test
    void refusesNestingWithoutEnd() {
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 0x81);
        assertThatThrownBy(() -> reader(deep).skip()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> DagCbor.decode(deep)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> DagCbor.links(deep)).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> CborItem.read(new ByteArrayInputStream(deep), deep.length))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void keepsTextThatIsNotUtf8AsBytes() {
        assertThat(reader("62fffe").textBytes(2)).containsExactly(0xff, 0xfe);
        assertThatThrownBy(() -> reader("62fffe").text(2)).isInstanceOf(CodecException.class);
        assertThat(reader("62fffe").textLossy(2)).isEqualTo("\ufffd\ufffd");
    }

    @Test
    void readsNothingButTrueFalseAndNull() {
        assertThat(reader("f5").bool()).isTrue();
        assertThat(reader("f4").bool()).isFalse();
        assertThatThrownBy(() -> reader("f6").bool()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> reader("00").nul()).isInstanceOf(CodecException.class);
        assertThat(reader("f6").cidOrNull()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"d82b4100", "d82a40", "d82a4100", "d82a420001", "d82a450155000061", "c24100", "f6"})
    void refusesWhatIsNoCid(String hex) {
        assertThatThrownBy(() -> reader(hex).cid()).isInstanceOf(CodecException.class);
    }

    @Test
    void refusesABigIntegerWithAnotherSignOrTooLong() {
        assertThatThrownBy(() -> reader("420201").bigInt()).isInstanceOf(CodecException.class);
        byte[] tooLong = new CborWriter().bytes(new byte[129]).toByteArray();
        assertThatThrownBy(() -> reader(tooLong).bigInt()).isInstanceOf(CodecException.class);
        assertThatThrownBy(() -> new CborWriter().bigInt(BigInteger.ONE.shiftLeft(127 * 8)))
                .isInstanceOf(CodecException.class);
    }

    @Test
    void cutsOneItemOutOfAStream() throws IOException {
        byte[] first = WireVectors.bytes("ClientDealProposal");
        byte[] second = WireVectors.bytes("DataRef.graphsync");
        var in = new ByteArrayInputStream(Bytes.concat(Bytes.wrap(first), Bytes.wrap(second)).toArray());
        assertThat(CborItem.read(in, 4096)).isEqualTo(first);
        assertThat(CborItem.read(in, 4096)).isEqualTo(second);
        assertThatThrownBy(() -> CborItem.read(in, 4096)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> CborItem.read(new ByteArrayInputStream(first), first.length - 1))
                .isInstanceOf(CodecException.class);
        Hostile.refusesEveryCut(first, EOFException.class, cut -> CborItem.read(new ByteArrayInputStream(cut), 4096));
    }

    @Property(tries = 300)
    void numbersComeBackAsTheyWent(@ForAll long number, @ForAll BigInteger big) {
        CborReader in = new CborReader(
                new CborWriter().integer(number).unsigned(number).bigInt(big).toByteArray());
        assertThat(in.integer()).isEqualTo(number);
        assertThat(in.unsigned()).isEqualTo(number);
        assertThat(in.bigInt()).isEqualTo(big);
        in.end();
    }

    @Property(tries = 200)
    void stringsComeBackAsTheyWent(@ForAll byte[] bytes, @ForAll byte[] text) {
        CborReader in = new CborReader(new CborWriter().bytes(bytes).textBytes(text).toByteArray());
        assertThat(in.bytes(bytes.length)).isEqualTo(bytes);
        assertThat(in.textBytes(text.length)).isEqualTo(text);
        in.end();
    }

    private static CborReader reader(String hex) {
        return reader(Bytes.ofHex(hex).toArray());
    }

    private static CborReader reader(byte[] data) {
        return new CborReader(data);
    }
}
