package io.caravan.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.Signature;
import io.caravan.model.TokenAmount;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published bytes of chain-and-rpc §3.2, §3.4, §4.2 and §4.3. */
class ActorTypesTest {

    private static final String PIECE = "d82a5828000181e203922020" + "11".repeat(32);
    private static final String SEALED = "d82a5829000182e20381e80220" + "00".repeat(32);
    private static final String PUBLISH_PARAMS = "8181828b" + PIECE
            + "190800f455011eaf1c8a4bbfeeb0870b1745b1f57503470b71164300e807676d4158415349411903e81a0007ece8430001f44040"
            + "5842014cf21fc55f14e78cf5e196538941e602208628624105c3e01d5864e5f1cd453e7789c2f23221cd8d5b28c9612"
            + "c7342c3c407e854b2ea"
            + "a9b762a9cb7e0f14273901";

    @ParameterizedTest
    @CsvSource({"8a00420004420000182240187b4200ea4200ea0643686169,"
            + "bafy2bzaced5rdpz57e64sc7mdwjn3blicglhpialnrph2dlbufhf6iha63dmc"})
    void writesTheMessageThatLotusTests(String hex, String cid) {
        Message message = Message.ofCbor(bytes(hex));

        assertThat(message.to()).isEqualTo(FilAddress.ofId(4));
        assertThat(message.nonce()).isEqualTo(34);
        assertThat(hex(message.toCbor())).isEqualTo(hex);
        assertThat(message.cid()).hasToString(cid);
    }

    @Test
    void knowsTheCidOfTheDocumentedMessage() {
        FilAddress address = FilAddress.ofId(1234);
        Message message = new Message(42, address, address, 42, TokenAmount.ZERO, 9, TokenAmount.ZERO, TokenAmount.ZERO,
                1,
                Bytes.utf8("byte array"));

        assertThat(message.cid()).hasToString("bafy2bzacebbpdegvr3i4cosewthysg5xkxpqfn2wfcz6mv2hmoktwbdxkax4s");
    }

    @Test
    void readsARealAddBalance() {
        String hex = "8a0042000558310382254708d2892097e21dc940ab48c6679ab534ddc2f5fb8e0c9f6c998273339bc6557b71"
                + "f5cbebed39f5d35b6a31437a"
                + "1901f24600106c1ff6b81a0058f7b7450003af3e6b4400026337025833"
                + "58310382254708d2892097e21dc940ab48c6679ab534ddc2f5fb8e0c9f6c998273339bc6557b71f5cbebed39f5d"
                + "35b6a31437a";
        Message message = Message.ofCbor(bytes(hex));

        assertThat(message.method()).isEqualTo(Methods.MARKET_ADD_BALANCE);
        assertThat(AddBalanceParams.ofCbor(message.params().toArray()).address()).isEqualTo(message.from());
        assertThat(hex(message.toCbor())).isEqualTo(hex);
    }

    @Test
    void computesBothCidsOfTheWorkedPublishMessage() {
        FilAddress worker = FilAddress.parse("t1d2xrzcslx7xlbbylc5c3d5lvandqw4iwl6epxba");
        Message message = new Message(0, Methods.MARKET, worker, 0, TokenAmount.ZERO, 50_000_000,
                TokenAmount.ofAtto(200_000_000), TokenAmount.ofAtto(100_000), Methods.MARKET_PUBLISH_STORAGE_DEALS,
                Bytes.ofHex(PUBLISH_PARAMS));
        Signature signature = Signature.ofBytes(Bytes.ofBase64(
                "AYABYwFfBANOlNTxU6V6yWVUhx0zPUypW5tznR+S2ZKfKCi8mYNANvkmXC7na40a63L5dpxVWgtOk70FRpU4ybcA").toArray());

        assertThat(message.cid()).hasToString("bafy2bzaceaeaadov2tsdt5fl3y47lrghtvdxykyjpckjcroejvyfzbzafhvvq");
        assertThat(new SignedMessage(message, signature).cid())
                .hasToString("bafy2bzacecewu5rqcltgdsn5dgnns4d3gvmo3dusibk3uwzqga7gqqtt26jfo");
        assertThat(hex(PublishStorageDealsParams.ofCbor(bytes(PUBLISH_PARAMS)).toCbor())).isEqualTo(PUBLISH_PARAMS);
    }

    @Test
    void namesASecpMessageByItsSignedBytes() {
        String hex = "828a005501fd1d0f4dfcd7e99afcb99a8326b7dc459d32c62855011eaf1c8a4bbfeeb0870b1745b1f5750347"
                + "0b71160144000186a01a00"
                + "2625a04200014200010040584201d3046b14964521587c9b4243f9fe42e7962bc43e98016b425d662286b3d329d"
                + "31f80c858032f3a31586ce3"
                + "78522d79d5fb8ed445e4487bca85747449a8596b7801";
        SignedMessage signed = SignedMessage.ofCbor(bytes(hex));

        assertThat(hex(signed.toCbor())).isEqualTo(hex);
        assertThat(signed.cid()).hasToString("bafy2bzacebaiinljwwctblf7czp4zxwhz4747z6tpricgn5cumd4xhebftcvu");
    }

    @ParameterizedTest
    @CsvSource({"'',''", "0,0c", "1,18", "'0,1',54", "'0,1,2',74", "'0,2',3c", "'1,3',78", "'7,8',f014", "5,b002",
        "'0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15',0402", "1000,00fd20",
        "'0,2,4,5,6,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27',7c472202"})
    void writesSetsAsRlePlus(String numbers, String hex) {
        long[] set = numbers.isEmpty() ? new long[0] : Arrays.stream(numbers.split(",")).mapToLong(Long::parseLong)
                .toArray();
        BitField field = BitField.of(set);

        assertThat(hex(field.toRlePlus())).isEqualTo(hex);
        assertThat(BitField.ofRlePlus(bytes(hex))).isEqualTo(field);
        assertThat(field.numbers(100)).containsExactly(Arrays.stream(set).boxed().toArray(Long[]::new));
    }

    @Test
    void walksASet() {
        BitField field = BitField.of(0, 2, 3, 9);

        assertThat(field.count()).isEqualTo(4);
        assertThat(field.contains(3)).isTrue();
        assertThat(field.contains(4)).isFalse();
        assertThat(field.rank(3)).isEqualTo(2);
        assertThat(field.with(1).with(20).with(2)).isEqualTo(BitField.of(0, 1, 2, 3, 9, 20));
        assertThat(BitField.of(5).runs()).containsExactly(5L, 1L);
        assertThat(BitField.EMPTY.runs()).containsExactly(0L);
        assertThat(BitField.ofRuns(List.of(0L, 3L))).isEqualTo(BitField.of(0, 1, 2));
        assertThatThrownBy(() -> BitField.ofRuns(List.of(0L, 1L << 62)).numbers(10)).isInstanceOf(CodecException.class);
    }

    @Test
    void findsTheIdOfADealAmongThoseTaken() {
        PublishStorageDealsReturn answer = PublishStorageDealsReturn.ofCbor(bytes("82820708413c"));

        assertThat(answer.ids()).containsExactly(7L, 8L);
        assertThat(answer.idAt(0)).hasValue(7);
        assertThat(answer.idAt(1)).isEmpty();
        assertThat(answer.idAt(2)).hasValue(8);
        assertThat(hex(answer.toCbor())).isEqualTo("82820708413c");
        assertThat(PublishStorageDealsReturn.ofCbor(bytes("81820708")).idAt(1)).hasValue(8);
        assertThat(PublishStorageDealsReturn.ofCbor(bytes("828107410c")).idAt(0)).hasValue(7);
    }

    @Test
    void writesTheReturnsOfTheSpecification() {
        assertThat(hex(new BatchReturn(1, List.of()).toCbor())).isEqualTo("820180");
        assertThat(hex(BitField.of(7, 8).toCbor())).isEqualTo("42f014");
        assertThat(hex(new MarketDealState(1, 150, -1, -1).toCbor())).isEqualTo("840118962020");
        assertThat(hex(SectorContentChanged.answer(List.of(List.of(true))))).isEqualTo("8181f5");
        assertThat(SectorContentChanged.answerOf(bytes("8181f5"))).containsExactly(List.of(true));
        SettleDealPaymentsReturn settled = new SettleDealPaymentsReturn(new BatchReturn(1,
                List.of(new BatchReturn.Failure(1, 32))),
                List.of(new SettleDealPaymentsReturn.Settlement(TokenAmount.ofAtto(5), true)));
        assertThat(SettleDealPaymentsReturn.ofCbor(settled.toCbor())).isEqualTo(settled);
    }

    @Test
    void writesTheMinerParametersOfTheSpecification() {
        String preCommit = "8181870501" + SEALED + "1864801a000927c0" + PIECE;
        String prove = "868182018184" + PIECE + "190800f681824200054107814301020340f6f5f5";
        String changed = "8183011a000927c08183" + PIECE + "1908004107";
        Cid piece = Cid.commP(bytes("11".repeat(32)));

        assertThat(hex(PreCommitSectorBatch2Params.ofCbor(bytes(preCommit)).toCbor())).isEqualTo(preCommit);
        assertThat(hex(ProveCommitSectors3Params.of(List.of(new SectorActivationManifest(SectorNumber.of(1),
                List.of(PieceActivationManifest.ofDeal(piece, PaddedPieceSize.of(2048), 7)))),
                List.of(Bytes.ofHex("010203"))).toCbor())).isEqualTo(prove);
        assertThat(hex(ProveCommitSectors3Params.ofCbor(bytes(prove)).toCbor())).isEqualTo(prove);
        assertThat(hex(SectorContentChanged.ofCbor(bytes(changed)).toCbor())).isEqualTo(changed);
    }

    @Test
    void refusesEveryTruncation() {
        cutEverywhere(PUBLISH_PARAMS, PublishStorageDealsParams::ofCbor);
        cutEverywhere("868182018184" + PIECE + "190800f681824200054107814301020340f6f5f5",
                ProveCommitSectors3Params::ofCbor);
        cutEverywhere("8181870501" + SEALED + "1864801a000927c0" + PIECE, PreCommitSectorBatch2Params::ofCbor);
        cutEverywhere("8a00420004420000182240187b4200ea4200ea0643686169", Message::ofCbor);
        cutEverywhere("82820708413c", PublishStorageDealsReturn::ofCbor);
        cutEverywhere("814301020f", ChangePeerIdParams::ofCbor);
        cutEverywhere("81814301020f", ChangeMultiaddrsParams::ofCbor);
        cutEverywhere("8181830000410c", TerminateSectorsParams::ofCbor);
    }

    @Test
    void speaksTheJsonOfLotus() throws Exception {
        ObjectMapper mapper = ModelJson.newMapper(Network.TESTNET);
        String json = "{\"To\":\"t05\",\"From\":\"t1d2xrzcslx7xlbbylc5c3d5lvandqw4iwl6epxba\",\"Nonce\":3,"
                + "\"Value\":\"7\",\"Method\":2,"
                + "\"Params\":null,\"CID\":{\"/\":\"bafy2bzaceaeaadov2tsdt5fl3y47lrghtvdxykyjpckjcroejvyfzbzafhvvq\"}}";
        Message message = mapper.readValue(json, Message.class);

        assertThat(message.value()).isEqualTo(TokenAmount.ofAtto(7));
        assertThat(message.params()).isEqualTo(Bytes.EMPTY);
        assertThat(mapper.valueToTree(message).get("CID").get("/").textValue()).isEqualTo(message.cid().toString());
        assertThat(mapper.treeToValue(mapper.valueToTree(message), Message.class)).isEqualTo(message);
        assertThat(mapper.writeValueAsString(new MessageReceipt(0, Bytes.ofHex("828107410c"), 5, null)))
                .isEqualTo("{\"ExitCode\":0,\"Return\":\"goEHQQw=\",\"GasUsed\":5,\"EventsRoot\":null}");
    }

    @Test
    void bindsAPlaceholderProofToEveryInput() {
        DevnetProof.Inputs inputs = new DevnetProof.Inputs(FilAddress.ofId(1000), 5, SectorNumber.of(1),
                Cid.commR(new byte[32]),
                Cid.commD(new byte[32]), Bytes.wrap(new byte[32]), Bytes.wrap(new byte[32]));
        Bytes proof = DevnetProof.of(inputs);

        assertThat(proof.size()).isEqualTo(DevnetProof.SIZE);
        assertThat(new String(proof.toArray(), 0, 23, java.nio.charset.StandardCharsets.US_ASCII))
                .isEqualTo(DevnetProof.TAG);
        assertThat(DevnetProof.isProof(proof, inputs)).isTrue();
        assertThat(DevnetProof.isProof(proof, new DevnetProof.Inputs(inputs.miner(), 5, SectorNumber.of(2),
                inputs.sealed(),
                inputs.unsealed(), inputs.ticket(), inputs.seed()))).isFalse();
        assertThat(DevnetProof.isProof(Bytes.wrap(new byte[192]), inputs)).isFalse();
    }

    private static void cutEverywhere(String hex, Function<byte[], ?> reader) {
        byte[] whole = bytes(hex);
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> reader.apply(cut)).as("cut at byte %d", length).isInstanceOf(CodecException.class);
        }
        assertThatThrownBy(() -> reader.apply(Arrays.copyOf(whole, whole.length + 1)))
                .isInstanceOf(CodecException.class);
    }

    private static byte[] bytes(String hex) {
        return Bytes.ofHex(hex).toArray();
    }

    private static String hex(byte[] bytes) {
        return Bytes.wrap(bytes).hex();
    }
}
