package io.caravan.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LotusJsonTest {

    private static final String CID = "bafkreiecdai77jgluy7njusg6s464x2ljmm2jacteauezddyanbg5hwclm";

    private final ObjectMapper json = LotusJson.newMapper();

    record Sample(@Nullable Cid cid, @Nullable Bytes data, @Nullable BigInteger amount, @Nullable Instant at,
            @Nullable Duration lasts, List<Cid> links) { }

    @Test
    void writesAndReadsTheShapesOfLotus() throws JsonProcessingException {
        Sample sample = new Sample(Cid.parse(CID), Bytes.ofHex("00ff"), BigInteger.TEN.pow(20), LotusJson.ZERO_TIME,
                Duration.ofMinutes(1), List.of(Cid.parse(CID)));
        String text = "{\"cid\":{\"/\":\"" + CID + "\"},\"data\":\"AP8=\",\"amount\":\"100000000000000000000\","
                + "\"at\":\"0001-01-01T00:00:00Z\",\"lasts\":60000000000,\"links\":[{\"/\":\"" + CID + "\"}]}";
        assertThat(json.writeValueAsString(sample)).isEqualTo(text);
        assertThat(json.readValue(text, Sample.class)).isEqualTo(sample);
    }

    @Test
    void readsWhatGoLeavesOut() throws JsonProcessingException {
        Sample empty = new Sample(null, null, null, null, null, List.of());
        assertThat(json.readValue("{\"cid\":null,\"links\":null,\"other\":1}", Sample.class)).isEqualTo(empty);
        assertThat(json.readValue("{}", Sample.class)).isEqualTo(empty);
        assertThat(json.readValue("{\"At\":\"2024-01-02T03:04:05.123456789+01:00\"}", Sample.class).at())
                .isEqualTo("2024-01-02T02:04:05.123456789Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"cid\":\"" + CID + "\"}", "{\"cid\":{\"/\":5}}", "{\"cid\":{\"/\":\"bafy\"}}",
        "{\"data\":\"???\"}", "{\"data\":7}", "{\"amount\":5}", "{\"amount\":\"1.5\"}", "{\"amount\":\"0x1\"}",
        "{\"at\":\"yesterday\"}", "{\"lasts\":\"1m\"}", "{\"lasts\":1.5}"})
    void refusesOtherShapes(String text) {
        assertThatThrownBy(() -> json.readValue(text, Sample.class)).isInstanceOf(JsonProcessingException.class);
    }
}
