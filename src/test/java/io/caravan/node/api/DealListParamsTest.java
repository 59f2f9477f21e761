package io.caravan.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Cid;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.rpc.RpcException;
import java.io.IOException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a list of deals may be asked for, and what is said to the rest. */
class DealListParamsTest {

    private static final Cid PIECE = Cid.rawSha256(new byte[] {1});

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static DealListParams asked(String text) {
        return DealListParams.of(json(text), Role.PROVIDER);
    }

    @Test
    void nothingAsksForTheNewestHundred() {
        DealListParams all = asked("null");
        assertThat(all.filter().states()).isEmpty();
        assertThat(all.filter().party()).isNull();
        assertThat(all.filter().pieceCid()).isNull();
        assertThat(all.after()).isNull();
        assertThat(all.limit()).isEqualTo(100);
        assertThat(asked("{}")).isEqualTo(all);
        assertThat(asked("{'states':null,'party':null,'piece':null,'after':null,'limit':null}")).isEqualTo(all);
    }

    @Test
    void aNumberIsTheLimit() {
        assertThat(asked("7").limit()).isEqualTo(7);
        assertThat(asked("1000").limit()).isEqualTo(DealListParams.MAX_PAGE);
    }

    @Test
    void statesAreKnownByTheirNamesLongAndShortAndTheirCodes() {
        assertThat(asked("{'states':['StorageDealActive','error',8]}").filter().states())
                .isEqualTo(Set.of(DealState.ACTIVE, DealState.ERROR, DealState.ofCode(8)));
    }

    @Test
    void aPieceAndThePageBeforeAreCidsAsTextOrAsLotusWritesThem() {
        DealListParams both = asked("{'piece':'" + PIECE + "','after':{'/':'" + PIECE + "'},'party':'t01001'}");
        assertThat(both.filter().pieceCid()).isEqualTo(PIECE);
        assertThat(both.after()).isEqualTo(PIECE);
        assertThat(both.filter().party()).isEqualTo(FilAddress.ofId(1001));
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '|', textBlock = """
            |{'state':'Active'}|, L1 unknown-filter
            |'Active'|, L1 unknown-filter
            |[]|, L1 unknown-filter
            |{'states':['Activ']}|, L2 unknown-state
            |{'states':'Active'}|, L2 unknown-state
            |{'states':[{}]}|, L2 unknown-state
            |{'party':'f01x'}|, L3 bad-party
            |{'party':7}|, L3 bad-party
            |{'piece':'bafy'}|, L4 bad-cid
            |{'after':{}}|, L4 bad-cid
            |{'limit':0}|, L5 page-size
            |{'limit':1001}|, L5 page-size
            |{'limit':1.5}|, L5 page-size
            |{'limit':'many'}|, L5 page-size
            |99999999999|, L5 page-size
            """)
    void whatIsWrongIsRefusedByACodedSentence(String text, String code) {
        assertThatThrownBy(() -> asked(text)).isInstanceOf(RpcException.class).hasMessageStartingWith(code + ": ");
    }

    @Test
    void aLongTextIsNotRepeatedWhole() {
        String text = "{'states':['" + "x".repeat(10_000) + "']}";
        assertThatThrownBy(() -> asked(text)).satisfies(refused -> assertThat(refused.getMessage().length()).isLessThan(200));
    }
}
