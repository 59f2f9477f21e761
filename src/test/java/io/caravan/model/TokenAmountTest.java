package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import io.caravan.codec.LotusJson;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAmountTest {

    @ParameterizedTest
    @CsvSource({"0,0 FIL", "1,0.000000000000000001 FIL", "50000000000000000,0.05 FIL", "1000000000000000000,1 FIL",
        "100000000000000000000,100 FIL", "-1500000000000000000,-1.5 FIL"})
    void printsInFil(String atto, String text) {
        TokenAmount amount = TokenAmount.parseAtto(atto);
        assertThat(amount).hasToString(text);
        assertThat(TokenAmount.parse(text)).isEqualTo(amount);
    }

    @ParameterizedTest
    @CsvSource({"2 FIL,2000000000000000000", "0.05,50000000000000000", "500 attoFIL,500", "20nanofil,20000000000",
        "1.5 microFIL,1500000000000", "7 afil,7", "3 milliFIL,3000000000000000"})
    void readsWhatPeopleWrite(String text, String atto) {
        assertThat(TokenAmount.parse(text).toAttoString()).isEqualTo(atto);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "FIL", "1e9 FIL", "0.5 attoFIL", "1 BTC", ".5 FIL", "1,5 FIL", "0x10",
        "0.0000000000000000001 FIL", "NaN"})
    void refusesWhatIsNoAmount(String text) {
        assertThatThrownBy(() -> TokenAmount.parse(text)).isInstanceOf(CodecException.class);
    }

    @ParameterizedTest
    @CsvSource({"7,1,2,3", "-7,1,2,-4", "-7,1,-2,3", "-8,1,2,-4", "0,5,3,0", "5,12,10,6"})
    void roundsRatiosDown(long amount, long numerator, long denominator, long result) {
        assertThat(TokenAmount.ofAtto(amount).timesRatio(numerator, denominator)).isEqualTo(TokenAmount.ofAtto(result));
    }

    @Test
    void isAStringInJsonAndNothingElse() throws JsonProcessingException {
        ObjectMapper json = LotusJson.newMapper();
        MarketBalance balance = new MarketBalance(TokenAmount.ofFil(2), TokenAmount.ofAtto(5));
        String text = "{\"Escrow\":\"2000000000000000000\",\"Locked\":\"5\"}";
        assertThat(json.writeValueAsString(balance)).isEqualTo(text);
        assertThat(json.readValue(text, MarketBalance.class)).isEqualTo(balance);
        assertThat(balance.available()).isEqualTo(TokenAmount.parseAtto("1999999999999999995"));
        for (String bad : new String[] {"5", "1.5", "true", "\"1.5\"", "\"\"", "\"5 FIL\""}) {
            assertThatThrownBy(() -> json.readValue(bad, TokenAmount.class)).as(bad)
                    .isInstanceOf(JsonProcessingException.class);
        }
    }

    @Property(tries = 200)
    void comesBackAsItWent(@ForAll BigInteger atto) {
        TokenAmount amount = TokenAmount.ofAtto(atto);
        CborWriter out = new CborWriter();
        amount.writeTo(out);
        assertThat(TokenAmount.readFrom(new CborReader(out.toByteArray()))).isEqualTo(amount);
        assertThat(TokenAmount.parseAtto(amount.toAttoString())).isEqualTo(amount);
        assertThat(TokenAmount.parse(amount.toString())).isEqualTo(amount);
    }
}
