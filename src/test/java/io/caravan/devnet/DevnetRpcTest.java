package io.caravan.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.ExitCode;
import io.caravan.chain.Message;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.Methods;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.support.TestDevnet;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The chain by a real HTTP client: accounts, mempool, timing, blocks. */
class DevnetRpcTest {

    private static TestDevnet devnet;

    @BeforeAll
    static void start() {
        devnet = TestDevnet.start();
    }

    @AfterAll
    static void stop() {
        devnet.close();
    }

    @Test
    void showsAMessageOnlyFromTheTipsetAfterTheOneThatCarriesIt() {
        FilAddress to = FilAddress.ofSecp256k1Key(key(7));
        Cid cid = devnet.push(devnet.signed(TestDevnet.CLIENT, to, TokenAmount.ofFil(3), 0, new byte[0]));
        assertThat(devnet.call("MpoolPending", List.of())).hasSize(1);
        long carrier = devnet.mine(1);

        assertThat(devnet.call("MpoolPending", List.of())).isEmpty();
        assertThat(devnet.call("WalletBalance", to).asText()).isEqualTo("0");
        assertThat(devnet.call("StateSearchMsg", List.of(), cid, -1, true).isNull()).isTrue();

        devnet.mine(1);
        assertThat(devnet.call("WalletBalance", to).asText()).isEqualTo("3000000000000000000");
        JsonNode lookup = devnet.call("StateSearchMsg", List.of(), cid, -1, true);
        assertThat(lookup.get("Height").longValue()).isEqualTo(carrier + 1);
        assertThat(LotusJson.cid(lookup.get("Message"))).isEqualTo(cid);
        assertThat(devnet.call("StateLookupID", to, List.of()).asText()).startsWith("t0");
    }

    @Test
    void fundsEscrow() {
        MessageReceipt receipt = devnet.send(TestDevnet.BLS_CLIENT, Methods.MARKET, TokenAmount.ofFil(2),
                Methods.MARKET_ADD_BALANCE,
                new AddBalanceParams(TestDevnet.BLS_CLIENT.address()).toCbor());

        assertThat(receipt.exitCode()).isZero();
        JsonNode balance = devnet.call("StateMarketBalance", TestDevnet.BLS_CLIENT.address(), List.of());
        assertThat(balance.get("Escrow").asText()).isEqualTo("2000000000000000000");
        assertThat(balance.get("Locked").asText()).isEqualTo("0");
    }

    @Test
    void refusesWhatTheMempoolOfLotusRefuses() {
        SignedMessage good = devnet.signed(TestDevnet.OWNER, TestDevnet.MINER, TokenAmount.ZERO, 0, new byte[0]);
        devnet.push(good);
        devnet.mine(1);
        assertThatThrownBy(() -> devnet.push(good))
                .hasMessageContaining("minimum expected nonce is 1, got 0: message nonce too low");

        Message next = good.message().withNonce(1);
        assertThatThrownBy(() -> devnet.push(new SignedMessage(next, good.signature())))
                .hasMessageContaining("invalid signature");
        assertThatThrownBy(() -> devnet.push(sign(next.withNonce(9)))).hasMessageContaining("too big a gap");
        assertThatThrownBy(() -> devnet.push(sign(next.withGas(10_000_000_000L, TokenAmount.ofFil(1),
                TokenAmount.ZERO))))
                .hasMessageContaining("not enough funds");
        assertThatThrownBy(() -> devnet.push(sign(next.withGas(10_000_000L, TokenAmount.ofAtto(99), TokenAmount.ZERO))))
                .hasMessageContaining("GasFeeCap");
        SignedMessage first = sign(next);
        devnet.push(first);
        assertThatThrownBy(() -> devnet.push(sign(next.withGas(next.gasLimit(), next.gasFeeCap(), next.gasPremium()
                .plus(
                TokenAmount.ofAtto(1)))))).hasMessageContaining("replace by fee");
        Cid replacement = devnet.push(sign(next.withGas(next.gasLimit(), TokenAmount.ofAtto(200_000),
                TokenAmount.ofAtto(120_000))));
        devnet.mine(2);
        JsonNode lookup = devnet.call("StateSearchMsg", List.of(), first.cid(), -1, true);
        assertThat(LotusJson.cid(lookup.get("Message"))).isEqualTo(replacement);
    }

    @Test
    void answersUnknownThingsInTheWordsOfLotus() {
        FilAddress nobody = FilAddress.ofSecp256k1Key(key(9));
        assertThatThrownBy(() -> devnet.call("StateMarketBalance", nobody, List.of()))
                .hasMessageContaining("actor not found");
        assertThatThrownBy(() -> devnet.call("StateMarketStorageDeal", 77, List.of()))
                .hasMessageContaining("deal 77 not found");
        assertThat(devnet.call("WalletBalance", nobody).asText()).isEqualTo("0");
        assertThat(devnet.call("StateMarketBalance", TestDevnet.MINER, List.of()).get("Escrow").asText())
                .isEqualTo("0");
        assertThatThrownBy(() -> devnet.call("StateWaitMsg", Cid.dagCborBlake2b(new byte[1]), 0, -1, true))
                .hasMessageContaining("failed to load message");
        assertThatThrownBy(() -> devnet.call("StateGetRandomnessFromBeacon", 6, devnet.height() + 5, Bytes.EMPTY,
                List.of()))
                .hasMessageContaining("cannot draw randomness from the future");
    }

    @Test
    void takesTheFeeOfAFailedMessageAndNothingElse() {
        String before = devnet.call("StateMarketBalance", TestDevnet.MINER, List.of()).get("Escrow").asText();
        MessageReceipt receipt = devnet.send(TestDevnet.CLIENT, Methods.MARKET, TokenAmount.ofFil(1), 4711,
                new byte[0]);

        assertThat(receipt.exitCode()).isIn(ExitCode.UNHANDLED_MESSAGE, ExitCode.NOT_PAYABLE);
        assertThat(receipt.gasUsed()).isPositive();
        assertThat(devnet.call("StateMarketBalance", TestDevnet.MINER, List.of()).get("Escrow").asText())
                .isEqualTo(before);
    }

    @Test
    void namesBlocksByTheirBytes() {
        devnet.mine(1);
        JsonNode head = devnet.call("ChainHead");
        Cid cid = LotusJson.cid(head.get("Cids").get(0));
        byte[] block = Bytes.ofBase64(devnet.call("ChainReadObj", cid).asText()).toArray();

        assertThat(Cid.dagCborBlake2b(block)).isEqualTo(cid);
        assertThat(devnet.call("ChainGetBlock", cid)).isEqualTo(head.get("Blocks").get(0));
        Cid root = LotusJson.cid(head.get("Blocks").get(0).get("ParentStateRoot"));
        assertThat(devnet.call("ChainHasObj", root).booleanValue()).isTrue();
        assertThat(devnet.call("ChainGetTipSetByHeight", 0, List.of())).isEqualTo(devnet.call("ChainGetGenesis"));
    }

    @Test
    void leavesEpochsWithoutABlock() {
        long before = devnet.height();
        devnet.call("Devnet.NullRounds", 3);
        assertThat(devnet.mine(1)).isEqualTo(before + 4);
        assertThat(devnet.call("ChainGetTipSetByHeight", before + 2, List.of()).get("Height").longValue())
                .isEqualTo(before);
        assertThat(devnet.call("ChainGetTipSetAfterHeight", before + 2, List.of()).get("Height").longValue())
                .isEqualTo(before + 4);
    }

    @Test
    void controlsNeedAnAdminToken() {
        try (var anyone = new io.caravan.rpc.RpcClient(devnet.endpoint(), null)) {
            assertThatThrownBy(() -> anyone.call("Devnet.Mine", 1)).hasMessageContaining("missing permission");
            assertThat(anyone.call("Filecoin.StateNetworkName").asText()).isEqualTo("caravan-devnet");
        }
    }

    private static SignedMessage sign(Message message) {
        return new SignedMessage(message, TestDevnet.OWNER.sign(message.signingBytes()));
    }

    private static byte[] key(int value) {
        byte[] key = new byte[65];
        key[0] = 4;
        key[1] = (byte) value;
        return key;
    }
}
