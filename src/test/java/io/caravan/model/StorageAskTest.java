package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CodecException;
import io.caravan.codec.DagCbor;
import io.caravan.codec.Ipld;
import io.caravan.support.Hostile;
import io.caravan.support.WireVectors;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StorageAskTest {

    private static final StorageAsk ASK = new StorageAsk(TokenAmount.ofAtto(500000000), TokenAmount.ofAtto(50000000),
            PaddedPieceSize.of(256), PaddedPieceSize.of(34359738368L), FilAddress.ofId(1000), Epoch.of(3000000),
            Epoch.of(4000000), 7);

    @Test
    void encodesInAllThreeOrders() {
        assertThat(ASK.toCbor()).isEqualTo(WireVectors.bytes("StorageAsk.sorted"));
        assertThat(ASK.toCborDeclared()).isEqualTo(WireVectors.bytes("StorageAsk.declared"));
        assertThat(ASK.toCborTuple()).isEqualTo(WireVectors.bytes("StorageAsk0"));
        assertThat(StorageAsk.readTupleFrom(new CborReader(WireVectors.bytes("StorageAsk0")))).isEqualTo(ASK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"StorageAsk.sorted", "StorageAsk.declared"})
    void readsAnyKeyOrder(String name) {
        assertThat(StorageAsk.ofCbor(WireVectors.bytes(name))).isEqualTo(ASK);
        Hostile.refusesEveryCut(WireVectors.bytes(name), CodecException.class, StorageAsk::ofCbor);
        Hostile.survivesNoise(WireVectors.bytes(name), CodecException.class, StorageAsk::ofCbor);
    }

    @Test
    void skipsUnknownKeysAndFillsMissingOnes() {
        byte[] odd = DagCbor.encode(Ipld.map("Miner", Ipld.of(Bytes.wrap(FilAddress.ofId(1).toBytes())),
                "Novelty", Ipld.list(Ipld.of(1), Ipld.NULL)));
        StorageAsk ask = StorageAsk.ofCbor(odd);
        assertThat(ask.miner()).isEqualTo(FilAddress.ofId(1));
        assertThat(ask.price()).isEqualTo(TokenAmount.ZERO);
        assertThatThrownBy(() -> StorageAsk.ofCbor(new byte[] {(byte) 0xa0})).isInstanceOf(CodecException.class);
    }

    @Test
    void keepsTheBytesItsSignatureIsOver() {
        byte[] response = WireVectors.bytes("ask110.resp");
        byte[] signedAsk = Arrays.copyOfRange(response, 5, response.length);
        SignedAsk ask = SignedAsk.ofCbor(signedAsk);
        assertThat(ask.ask()).isEqualTo(ASK);
        assertThat(ask.received().toArray()).isEqualTo(WireVectors.bytes("StorageAsk.sorted"));
        assertThat(ask.signedForms()).hasSize(3);
        assertThat(ask.toCbor()).isEqualTo(signedAsk);
        Hostile.refusesEveryCut(signedAsk, CodecException.class, SignedAsk::ofCbor);
    }

    @ParameterizedTest
    @CsvSource({"500000000,34359738368,16000000000", "500000000,68719476736,32000000000", "500000000,1048576,488281",
        "500000000,2048,953", "500000000,256,119", "500000000,128,59", "50000000,2048,95", "1,536870912,0",
        "3,536870912,1", "0,2048,0"})
    void roundsTheMinimumPriceDown(long price, long size, long expected) {
        StorageAsk ask = new StorageAsk(TokenAmount.ofAtto(price), TokenAmount.ofAtto(price * 2), ASK.minPieceSize(),
                ASK.maxPieceSize(), ASK.miner(), ASK.timestamp(), ASK.expiry(), 0);
        PaddedPieceSize piece = PaddedPieceSize.of(size);
        assertThat(ask.minPricePerEpoch(piece, false)).isEqualTo(TokenAmount.ofAtto(expected));
        TokenAmount offer = ask.offerPerEpoch(piece, false);
        assertThat(offer.minus(TokenAmount.ofAtto(expected)).atto().intValue()).isBetween(0, 1);
        assertThat(ask.minPricePerEpoch(piece, true)).isGreaterThanOrEqualTo(TokenAmount.ofAtto(expected));
    }

    @Test
    void hasTheJsonOfLotus() throws JsonProcessingException {
        ObjectMapper json = ModelJson.newMapper(Network.TESTNET);
        SignedAsk signed = SignedAsk.ofCbor(Arrays.copyOfRange(WireVectors.bytes("ask110.resp"), 5, 203));
        String text = json.writeValueAsString(signed);
        assertThat(text).startsWith("{\"Ask\":{\"Price\":\"500000000\",\"VerifiedPrice\":\"50000000\",\"MinPieceSize\":256,"
                + "\"MaxPieceSize\":34359738368,\"Miner\":\"t01000\",\"Timestamp\":3000000,\"Expiry\":4000000,\"SeqNo\":7},"
                + "\"Signature\":{\"Type\":1,\"Data\":\"").doesNotContain("received", "signedForms");
        assertThat(json.readValue(text, SignedAsk.class).ask()).isEqualTo(ASK);
        assertThat(json.readValue(text, SignedAsk.class)).isEqualTo(signed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"DataRef.graphsync", "DataRef.manual"})
    void dataReferencesComeBackAsTheyWent(String name) throws JsonProcessingException {
        DataRef ref = DataRef.ofCbor(WireVectors.bytes(name));
        assertThat(ref.toCbor()).isEqualTo(WireVectors.bytes(name));
        assertThat(ref.pieceSize()).isEqualTo(UnpaddedPieceSize.of(508));
        assertThat(ref.transferType()).isEqualTo(name.substring("DataRef.".length()));
        Hostile.refusesEveryCut(WireVectors.bytes(name), CodecException.class, DataRef::ofCbor);
        Hostile.survivesNoise(WireVectors.bytes(name), CodecException.class, DataRef::ofCbor);
        ObjectMapper json = ModelJson.newMapper(Network.TESTNET);
        assertThat(json.readValue(json.writeValueAsString(ref), DataRef.class)).isEqualTo(ref);
        assertThat(json.readValue("{\"TransferType\":\"graphsync\",\"Root\":{\"/\":\"" + ref.root()
                + "\"},\"PieceCid\":null,\"PieceSize\":0}", DataRef.class)).isEqualTo(DataRef.graphsync(ref.root()));
    }
}
