package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CodecException;
import io.caravan.support.Hostile;
import io.caravan.support.WireVectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilAddressTest {

    @ParameterizedTest
    @ValueSource(strings = {"addr.client", "addr.worker", "addr.sp"})
    void readsAndPrintsTheWireVectors(String name) {
        FilAddress address = FilAddress.ofBytes(WireVectors.bytes(name));
        assertThat(address).hasToString(WireVectors.note(name)).isEqualTo(FilAddress.parse(WireVectors.note(name)));
        if (WireVectors.names().contains(name + ".cbor")) {
            assertThat(address.toCbor()).isEqualTo(WireVectors.bytes(name + ".cbor"));
            assertThat(FilAddress.readFrom(new CborReader(WireVectors.bytes(name + ".cbor")))).isEqualTo(address);
        }
        Hostile.survivesNoise(address.toBytes(), CodecException.class, FilAddress::ofBytes);
    }

    @ParameterizedTest
    @CsvSource({
        "t1d2xrzcslx7xlbbylc5c3d5lvandqw4iwl6epxba,011eaf1c8a4bbfeeb0870b1745b1f57503470b7116",
        "t01729,00c10d", "f01000,00e807", "f05,0005", "f00,0000", "f09223372036854775807,00ffffffffffffffff7f",
        "f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xxbfzz4yuxfkgobpihhd2thlanmsh3w2ptld2gqkn2jvlss4a,03ad58df696e2d4e91ea86c881e938ba4ea81b395e12797b84b9cf314b9546705e839c7a99d606b247ddb4f9ac7a3414dd",
        "f432f77777777x32lpna,0420ffffffffff",
        "f410fkkld55ioe7qg24wvt7fu6pbknb56ht7pt4zamxa,040a52963ef50e27e06d72d59fcb4f3c2a687be3cfef"})
    void readsAndPrintsTheChainsVectors(String text, String hex) {
        FilAddress address = FilAddress.parse(text);
        assertThat(address.bytes().hex()).isEqualTo(hex);
        assertThat(address.toString(text.charAt(0) == 'f' ? Network.MAINNET : Network.TESTNET)).isEqualTo(text);
        assertThat(FilAddress.ofBytes(address.toBytes())).isEqualTo(address);
    }

    @Test
    void derivesAddressesFromKeysAndData() {
        assertThat(FilAddress.ofSecp256k1Key(hex("0435e752dc6b4113f78edcf2cf7b8082e442021de5f00818f555397a6f181af795"
                + "ace98f0f7d065793eaffa1b06bf52e572c97030c53a2396dfab40ba0e976b108")).toString(Network.TESTNET))
                .isEqualTo("t1d2xrzcslx7xlbbylc5c3d5lvandqw4iwl6epxba");
        assertThat(FilAddress.ofSecp256k1Key(hex("049402fac37e6432a416a3a0ca5426b5185ab3b24f6134efa25ce487c82d2e4e13"
                + "bf452511e0d2245421f8613bc10d72fa216666a96c3bc13920d3ff233fd0bc05")).toString(Network.TESTNET))
                .isEqualTo("t15ihq5ibzwki2b4ep2f46avlkrqzhpqgtga7pdrq");
        assertThat(FilAddress.ofActorData(hex("76128190cdf068d1418044acc03e0b6781970d60")))
                .hasToString("f24vg6ut43yw2h2jqydgbg2xq7x6f4kub3bg6as6i");
        assertThat(FilAddress.ofBlsKey(hex("ad58df696e2d4e91ea86c881e938ba4ea81b395e12797b84b9cf314b9546705e839c7a99"
                + "d606b247ddb4f9ac7a3414dd")).toString()).startsWith("f3vvmn62lofvhjd2ugzca6sof2j2ubwok6cj4xx");
        assertThat(FilAddress.ofSecp256k1Key(WireVectors.bytes("key.client.pub65")).toBytes())
                .isEqualTo(WireVectors.bytes("addr.client"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "f", "t0", "t2", "t2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y",
        "t5gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y", "Q2gfvuyh7v2sx3patm5k23wdzmhyhtmqctasbr24y",
        "t0banananananannnnnnn", "f09223372036854775808", "f0-1", "f0+1", "f0١",
        "t1D2XRZCSLX7XLBBYLC5C3D5LVANDQW4IWL6EPXBA", "t1d2xrzcslx7xlbbylc5c3d5lvandqw4iwl6epxbaa", "f4f77777777x32lpna",
        "f432", "f432f", "f432f77777777x32lpnb", "f1"})
    void refusesTextThatIsNoAddress(String text) {
        assertThatThrownBy(() -> FilAddress.parse(text)).isInstanceOf(CodecException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "00", "008000", "00e80700", "0131e2", "05e807", "0331e2449bb11205e14803a3a3e02b961193f42a31",
        "0480", "ff00"})
    void refusesBytesThatAreNoAddress(String hex) {
        assertThatThrownBy(() -> FilAddress.ofBytes(hex(hex))).isInstanceOf(CodecException.class);
    }

    @Test
    void boundsDelegatedSubaddresses() {
        assertThat(FilAddress.parse(FilAddress.ofDelegated(10, new byte[54]).toString()).payload().size()).isEqualTo(55);
        assertThatThrownBy(() -> FilAddress.ofDelegated(10, new byte[55])).isInstanceOf(CodecException.class);
    }

    @Test
    void printsInJsonWithTheLetterOfTheNetwork() throws JsonProcessingException {
        ObjectMapper json = ModelJson.newMapper(Network.TESTNET);
        assertThat(json.writeValueAsString(FilAddress.ofId(1000))).isEqualTo("\"t01000\"");
        assertThat(json.readValue("\"f01000\"", FilAddress.class)).isEqualTo(FilAddress.ofId(1000));
        assertThat(json.readValue("\"<empty>\"", FilAddress.class)).isNull();
        assertThatThrownBy(() -> json.readValue("\"f0x\"", FilAddress.class))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Property(tries = 200)
    void comesBackAsItWent(@ForAll @LongRange(min = 0) long id, @ForAll @Size(max = 54) byte[] sub) {
        for (FilAddress address : new FilAddress[] {FilAddress.ofId(id), FilAddress.ofDelegated(id, sub),
            FilAddress.ofActorData(sub)}) {
            assertThat(FilAddress.parse(address.toString(Network.TESTNET))).isEqualTo(address);
            assertThat(FilAddress.ofBytes(address.toBytes())).isEqualTo(address);
        }
    }

    private static byte[] hex(String hex) {
        return Bytes.ofHex(hex).toArray();
    }
}
