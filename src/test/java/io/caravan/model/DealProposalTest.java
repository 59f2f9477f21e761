package io.caravan.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.support.Hostile;
import io.caravan.support.WireVectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DealProposalTest {

    private static final String MAINNET_F1 = "828bd82a5828000181e2039220204bb3f456affd427c38b1eba9693bc4b7294df1c15ce403edb"
            + "0550adeaeb59f181a00020000f455016c97782f8f12baf87ce31af3866dd1baefbed9444300a14c7833a165706369647381d82a58270001"
            + "55a0e40220da879e19c3b605a6682a576ec7bceb31ae849b5440bcf6b891c8d7105b7dfd0e19c0bd1a000b7ca14300ee6b4040584201b67"
            + "43a1280896e5a3a27239fdc03585fddacaa757ee3a40c360fbd8de249eaa13496bf7619293ad5f95766a5b7295c3c6153bf33c9b1722740"
            + "d9231404c1e37100";

    private static DealProposal sample() {
        return new DealProposal(Cid.ofBytes(WireVectors.bytes("cid.piece")), PaddedPieceSize.of(512), false,
                FilAddress.ofBytes(WireVectors.bytes("addr.client")), FilAddress.ofId(1000),
                DealLabel.ofPayloadCid(Cid.ofBytes(WireVectors.bytes("cid.root"))), Epoch.of(3100000), Epoch.of(3618400),
                TokenAmount.ofAtto(1), TokenAmount.ofAtto(20000000000000000L), TokenAmount.ZERO);
    }

    @Test
    void encodesToTheVector() {
        assertThat(sample().toCbor()).isEqualTo(WireVectors.bytes("DealProposal"));
        assertThat(DealProposal.ofCbor(WireVectors.bytes("DealProposal"))).isEqualTo(sample());
        assertThat(sample().cid()).hasToString(WireVectors.note("cid.unsignedProposal"));
        assertThat(sample().cid().hash().digest().toArray()).isEqualTo(WireVectors.bytes("DealProposal.blake2b256"));
    }

    @ParameterizedTest
    @CsvSource({"ClientDealProposal,cid.signedProposal", "ClientDealProposal.boost,cid.signedProposal.boost"})
    void signedProposalsComeBackAsTheyWent(String name, String cid) {
        SignedProposal signed = SignedProposal.ofCbor(WireVectors.bytes(name));
        assertThat(signed.toCbor()).isEqualTo(WireVectors.bytes(name));
        assertThat(signed.proposalCid()).hasToString(WireVectors.note(cid));
        Hostile.refusesEveryCut(WireVectors.bytes(name), CodecException.class, SignedProposal::ofCbor);
        Hostile.survivesNoise(WireVectors.bytes(name), CodecException.class, SignedProposal::ofCbor);
    }

    @Test
    void readsAMainnetDealWhoseLabelIsNotUtf8() {
        byte[] raw = Bytes.ofHex(MAINNET_F1).toArray();
        SignedProposal signed = SignedProposal.ofCbor(raw);
        assertThat(signed.toCbor()).isEqualTo(raw);
        assertThat(signed.proposalCid()).hasToString("bafyreicrxllrt5rcnvnf2ju5fsimvu7shbzuvqbzniyudystcqqs4p435y");
        assertThat(signed.proposal().cid())
                .hasToString("bafy2bzaceange467tyy2urciwq7jgss7i2reo5xry7ankhrxpdjoqxdbm56dy");
        assertThat(signed.proposal().label().isLegal()).isFalse();
        assertThat(signed.proposal().label().payloadCid()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"label.b64", "label.b32"})
    void labelsSpellThePayloadCid(String name) {
        DealLabel label = DealLabel.readFrom(new CborReader(WireVectors.bytes(name)));
        assertThat(label).isEqualTo(DealLabel.ofText(WireVectors.note(name)));
        assertThat(label.payloadCid()).contains(Cid.ofBytes(WireVectors.bytes("cid.root")));
        assertThat(encoded(label)).isEqualTo(WireVectors.bytes(name));
    }

    @Test
    void labelsAreTextOrBytes() {
        assertThat(encoded(DealLabel.EMPTY)).isEqualTo(WireVectors.bytes("label.empty"));
        assertThat(encoded(DealLabel.ofBytes(Bytes.ofHex("cafeb00a")))).isEqualTo(WireVectors.bytes("label.bytes"));
        DealLabel bytes = DealLabel.readFrom(new CborReader(WireVectors.bytes("label.bytes")));
        assertThat(bytes.isText()).isFalse();
        assertThat(bytes.text()).isEmpty();
        assertThat(DealLabel.ofText("x".repeat(256)).isLegal()).isTrue();
        assertThat(DealLabel.ofText("x".repeat(257)).isLegal()).isFalse();
        Cid v0 = Cid.parse("QmYyQSo1c1Ym7orWxLYvCrM2EmxFTANf8wXmmE7DWjhx5N");
        assertThat(DealLabel.ofPayloadCid(v0).text()).isEqualTo(v0.toString());
    }

    @Test
    void computesFeesAndRequirements() {
        DealProposal deal = proposal(16000000000L, 518400, 0);
        assertThat(deal.totalStorageFee().toAttoString()).isEqualTo("8294400000000000");
        assertThat(proposal(953, 518400, 0).totalStorageFee().toAttoString()).isEqualTo("494035200");
        assertThat(proposal(16000000000L, 1555200, 1000000000000000L).clientBalanceRequirement().toAttoString())
                .isEqualTo("25883200000000000");
        assertThat(deal.providerBalanceRequirement()).isEqualTo(deal.providerCollateral());
    }

    @Test
    void hasTheJsonOfLotus() throws JsonProcessingException {
        ObjectMapper json = ModelJson.newMapper(Network.TESTNET);
        String text = json.writeValueAsString(sample());
        assertThat(text).isEqualTo("{\"PieceCID\":{\"/\":\"" + WireVectors.note("cid.piece") + "\"},\"PieceSize\":512,"
                + "\"VerifiedDeal\":false,\"Client\":\"t1ghrejg5rcic6csaduor6ak4wcgj7ikrrxxo72my\",\"Provider\":\"t01000\","
                + "\"Label\":\"mAXESIGD6qyEYA7xVvXfUJLLYUNvIr7WaWhetNQzmWoItI3Hr\",\"StartEpoch\":3100000,"
                + "\"EndEpoch\":3618400,\"StoragePricePerEpoch\":\"1\",\"ProviderCollateral\":\"20000000000000000\","
                + "\"ClientCollateral\":\"0\"}");
        assertThat(json.readValue(text, DealProposal.class)).isEqualTo(sample());
        SignedProposal signed = SignedProposal.ofCbor(WireVectors.bytes("ClientDealProposal"));
        String signedText = json.writeValueAsString(signed);
        assertThat(signedText).contains("\"ClientSignature\":{\"Type\":1,\"Data\":\"D01WvwhQ");
        assertThat(json.readValue(signedText, SignedProposal.class)).isEqualTo(signed);
    }

    @Test
    void refusesJsonThatLacksAField() {
        ObjectMapper json = ModelJson.newMapper(Network.TESTNET);
        assertThatThrownBy(() -> json.readValue("{\"PieceSize\":512}", DealProposal.class))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void refusesTuplesOfAnotherLength() {
        byte[] ten = WireVectors.bytes("DealProposal");
        ten[0] = (byte) 0x8a;
        assertThatThrownBy(() -> DealProposal.ofCbor(ten)).isInstanceOf(CodecException.class);
    }

    private static DealProposal proposal(long price, long duration, long clientCollateral) {
        return new DealProposal(sample().pieceCid(), sample().pieceSize(), false, sample().client(), sample().provider(),
                DealLabel.EMPTY, Epoch.of(1000), Epoch.of(1000 + duration), TokenAmount.ofAtto(price), TokenAmount.ofFil(1),
                TokenAmount.ofAtto(clientCollateral));
    }

    private static byte[] encoded(DealLabel label) {
        CborWriter out = new CborWriter();
        label.writeTo(out);
        return out.toByteArray();
    }
}
