package io.caravan.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.DevnetProof;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.Methods;
import io.caravan.chain.PreCommitSectorBatch2Params;
import io.caravan.chain.ProveCommitSectors3Params;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.chain.SectorPreCommitInfo;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyType;
import io.caravan.model.FilAddress;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.ChannelListener;
import io.caravan.support.TestDevnet;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whole lives over the RPC: a deal to Active with a kill between any two blocks, reorgs, faults, subscriptions. */
class ChainLifeTest {

    private final TestDevnet devnet = TestDevnet.start();

    @AfterEach
    void stop() {
        devnet.close();
    }

    @Test
    void bringsADealToActiveThroughAKillAfterEveryBlock() {
        walk(true);
    }

    @Test
    void tellsActiveSlashedAndGone() {
        long deal = walk(false);
        devnet.call("Devnet.Warp", devnet.height() + 2000);
        devnet.call("Devnet.TerminateSector", TestDevnet.MINER, 1);
        assertThat(devnet.call("StateMarketStorageDeal", deal, List.of()).get("State").get("SectorNumber").asInt())
                .isEqualTo(1);
        devnet.mine(1);
        assertThatThrownBy(() -> devnet.call("StateMarketStorageDeal", deal, List.of()))
                .hasMessageContaining("not found");
        assertThat(devnet.call("StateSectorGetInfo", TestDevnet.MINER, 1, List.of()).isNull()).isTrue();
    }

    private long walk(boolean isKilled) {
        fund(TestDevnet.CLIENT, TestDevnet.CLIENT.address());
        fund(TestDevnet.WORKER, TestDevnet.MINER);
        step(isKilled);
        step(isKilled);
        byte[] publish = new PublishStorageDealsParams(List.of(World.signed(World.proposal()))).toCbor();
        Cid published = push(Methods.MARKET_PUBLISH_STORAGE_DEALS, true, publish);
        step(isKilled);
        step(isKilled);
        MessageReceipt receipt = devnet.receipt(published);
        long deal = PublishStorageDealsReturn.ofCbor(receipt.returned().toArray()).ids().get(0);
        assertThat(receipt.eventsRoot()).isNotNull();
        assertThat(devnet.call("ChainGetEvents", receipt.eventsRoot())).hasSize(1);
        JsonNode proposal = devnet.call("StateMarketStorageDeal", deal, List.of()).get("Proposal");
        assertThat(proposal.get("Client").asText()).startsWith("t0");
        assertThat(proposal.get("Label").asText()).isEqualTo("mAXASIA");

        long ticketEpoch = devnet.height() - 900;
        Bytes ticket = randomness("StateGetRandomnessFromTickets", 5, ticketEpoch);
        Cid sealed = DevnetProof.sealed(TestDevnet.MINER, SectorNumber.of(1), World.PIECE, ticket);
        SectorPreCommitInfo info = new SectorPreCommitInfo(5, SectorNumber.of(1), sealed, ticketEpoch, List.of(),
                devnet.height() + 86_410 + 600_000, World.PIECE);
        push(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2, false, new PreCommitSectorBatch2Params(List.of(info)).toCbor());
        step(isKilled);
        step(isKilled);
        long preCommitEpoch = devnet.call("StateSectorPreCommitInfo", TestDevnet.MINER, 1, List.of())
                .get("PreCommitEpoch").longValue();
        long seedEpoch = preCommitEpoch + devnet.call("StateGetNetworkParams").get("PreCommitChallengeDelay")
                .longValue();
        while (devnet.height() < seedEpoch) {
            step(isKilled && devnet.height() % 4 == 0);
        }
        Bytes seed = randomness("StateGetRandomnessFromBeacon", 6, seedEpoch);
        Bytes proof = DevnetProof.of(new DevnetProof.Inputs(TestDevnet.MINER, 5, SectorNumber.of(1), sealed,
                World.PIECE, ticket, seed));
        Cid proven = push(Methods.MINER_PROVE_COMMIT_SECTORS3, false,
                ProveCommitSectors3Params.of(List.of(World.manifest(1, deal)), List.of(proof)).toCbor());
        step(isKilled);
        long activation = devnet.height();
        step(isKilled);
        assertThat(devnet.receipt(proven).exitCode()).isZero();
        JsonNode state = devnet.call("StateMarketStorageDeal", deal, List.of()).get("State");
        assertThat(state.get("SectorStartEpoch").longValue()).isEqualTo(activation);
        assertThat(state.get("SectorNumber").longValue()).isEqualTo(1);
        assertThat(devnet.call("StateSectorGetInfo", TestDevnet.MINER, 1, List.of()).get("Activation").longValue())
                .isEqualTo(activation);
        assertThat(devnet.call("StateMinerPower", TestDevnet.MINER, List.of()).get("MinerPower").get("RawBytePower")
                .asText())
                .isEqualTo("2048");
        return deal;
    }

    @Test
    void keepsTheMempoolThroughAKill() {
        Cid cid = push(Methods.SEND, false, new byte[0]);
        devnet.killAndReopen();
        assertThat(devnet.call("MpoolPending", List.of())).hasSize(1);
        devnet.mine(2);
        devnet.killAndReopen();
        assertThat(devnet.receipt(cid).exitCode()).isZero();
        assertThat(devnet.call("MpoolPending", List.of())).isEmpty();
        assertThat(devnet.call("MpoolGetNonce", TestDevnet.WORKER.address()).longValue()).isEqualTo(1);
    }

    @Test
    void takesBlocksBackAndTellsSubscribers() throws Exception {
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        try (var subscription = devnet.client().subscribe("Filecoin.ChainNotify", List.of(), listener(heard))) {
            assertThat(next(heard).get(0).get("Type").asText()).isEqualTo("current");
            devnet.mine(3);
            for (int i = 0; i < 3; i++) {
                assertThat(next(heard).get(0).get("Type").asText()).isEqualTo("apply");
            }
            Cid cid = push(Methods.SEND, false, new byte[0]);
            devnet.mine(2);
            next(heard);
            next(heard);
            long height = devnet.height();
            JsonNode oldHead = devnet.call("ChainHead").get("Cids");
            Bytes before = randomness("StateGetRandomnessFromBeacon", 6, height);

            devnet.call("Devnet.Reorg", 3, Map.of());

            JsonNode moves = next(heard);
            assertThat(moves).hasSize(7);
            assertThat(moves).extracting(move -> move.get("Type").asText())
                    .containsExactly("revert", "revert", "revert", "apply", "apply", "apply", "apply");
            assertThat(moves.get(0).get("Val").get("Height").longValue()).isEqualTo(height);
            assertThat(moves.get(3).get("Val").get("Height").longValue()).isEqualTo(height - 2);
            assertThat(devnet.height()).isEqualTo(height + 1);
            assertThat(devnet.call("ChainHead").get("Cids")).isNotEqualTo(oldHead);
            assertThat(randomness("StateGetRandomnessFromBeacon", 6, height)).isNotEqualTo(before);
            assertThat(devnet.receipt(cid).exitCode()).as("included again").isZero();
            devnet.killAndReopen();
            assertThat(devnet.height()).isEqualTo(height + 1);
            assertThat(devnet.receipt(cid).exitCode()).isZero();
        }
    }

    @Test
    void losesAMessageInAReorgThatDropsIt() {
        Cid cid = push(Methods.SEND, false, new byte[0]);
        devnet.mine(2);
        assertThat(devnet.receipt(cid).exitCode()).isZero();
        devnet.call("Devnet.Reorg", 2, Map.of("drop", List.of(LotusJson.cid(cid))));
        assertThat(devnet.call("StateSearchMsg", List.of(), cid, -1, true).isNull()).isTrue();
        assertThat(devnet.call("MpoolGetNonce", TestDevnet.WORKER.address()).longValue()).isZero();
    }

    @Test
    void waitsForConfidenceWithoutHoldingTheCaller() throws Exception {
        Cid cid = push(Methods.SEND, false, new byte[0]);
        var waiting = devnet.client().callAsync(Duration.ofSeconds(20), "Filecoin.StateWaitMsg",
                List.of(LotusJson.cid(cid), 3, -1, true));
        devnet.mine(4); // carried by 1, shown by 2, three epochs deep with 5
        assertThat(waiting).isNotDone();
        devnet.mine(1);
        JsonNode lookup = waiting.get(10, TimeUnit.SECONDS);
        assertThat(lookup.get("Receipt").get("ExitCode").asInt()).isZero();
        assertThat(lookup.get("Height").longValue()).isEqualTo(2);
    }

    @Test
    void failsMessagesAndCallsOnDemand() {
        devnet.call("Devnet.FailNext", Map.of("method", 0), 19, 1);
        assertThat(devnet.send(TestDevnet.WORKER, TestDevnet.MINER, TokenAmount.ZERO, 0, new byte[0]).exitCode())
                .isEqualTo(19);
        assertThat(devnet.send(TestDevnet.WORKER, TestDevnet.MINER, TokenAmount.ZERO, 0, new byte[0]).exitCode())
                .isZero();

        devnet.call("Devnet.MpoolRule", Map.of("match", Map.of("method", 0), "action", "reject", "count", 1));
        assertThatThrownBy(() -> push(Methods.SEND, false, new byte[0])).hasMessageContaining("MpoolRule");
        devnet.call("Devnet.MpoolRule", Map.of("match", Map.of(), "action", "drop", "count", 1));
        push(Methods.SEND, false, new byte[0]);
        devnet.mine(3);
        assertThat(devnet.call("MpoolPending", List.of())).hasSize(1);

        devnet.call("Devnet.RpcFault", Map.of("method", "Filecoin.ChainHead", "mode", "error", "code", 1, "count", 1));
        assertThatThrownBy(() -> devnet.call("ChainHead")).hasMessageContaining("RpcFault");
        assertThat(devnet.call("ChainHead").get("Height").longValue()).isPositive();
    }

    @Test
    void givesCoinsAwayWithTheNextBlock() {
        FilAddress stranger = FilKey.generate(KeyType.SECP256K1, new SecureRandom()).address();
        devnet.call("Devnet.Faucet", stranger, "1000");
        assertThat(devnet.call("WalletBalance", stranger).asText()).isEqualTo("0");
        devnet.mine(1);
        assertThat(devnet.call("WalletBalance", stranger).asText()).isEqualTo("1000");
        devnet.killAndReopen();
        assertThat(devnet.call("WalletBalance", stranger).asText()).isEqualTo("1000");
        assertThatThrownBy(() -> devnet.call("Devnet.Faucet", stranger, "9".repeat(40))).hasMessageContaining("left");
    }

    @Test
    void dryRunsAndEstimates() {
        fund(TestDevnet.CLIENT, TestDevnet.CLIENT.address());
        fund(TestDevnet.WORKER, TestDevnet.MINER);
        devnet.mine(2);
        byte[] params = new PublishStorageDealsParams(List.of(World.signed(World.proposal()))).toCbor();
        SignedMessage message = devnet.signed(TestDevnet.WORKER, Methods.MARKET, TokenAmount.ZERO, 4, params);
        JsonNode call = devnet.call("StateCall", message.message(), List.of());
        assertThat(call.get("MsgRct").get("ExitCode").asInt()).isZero();
        JsonNode priced = devnet.call("GasEstimateMessageGas", message.message()
                .withGas(0, TokenAmount.ZERO, TokenAmount.ZERO),
                null, List.of());
        assertThat(priced.get("GasLimit").longValue()).isEqualTo((500_000L + 20_000_000 + 8_000_000) * 5 / 4);
        assertThatThrownBy(() -> devnet.call("GasEstimateMessageGas", message.message().withGas(0, TokenAmount.ZERO,
                TokenAmount.ZERO).withFrom(TestDevnet.CLIENT.address()), null, List.of()))
                .hasMessageContaining("exit=[18]");
    }

    private void fund(FilKey from, FilAddress whose) {
        devnet.push(devnet.signed(from, Methods.MARKET, TokenAmount.ofFil(10), Methods.MARKET_ADD_BALANCE,
                new AddBalanceParams(whose).toCbor()));
    }

    private Cid push(long method, boolean isMarket, byte[] params) {
        return devnet.push(devnet.signed(TestDevnet.WORKER, isMarket ? Methods.MARKET : TestDevnet.MINER,
                TokenAmount.ZERO, method,
                params));
    }

    private void step(boolean isKilled) {
        devnet.mine(1);
        if (isKilled) {
            devnet.killAndReopen();
        }
    }

    private Bytes randomness(String method, long tag, long epoch) {
        return Bytes.ofBase64(devnet.call(method, tag, epoch, Bytes.wrap(TestDevnet.MINER.toCbor()), List.of())
                .asText());
    }

    private static ChannelListener listener(BlockingQueue<JsonNode> heard) {
        return new ChannelListener() {
            @Override
            public void onValue(JsonNode value) {
                heard.add(value);
            }

            @Override
            public void onClosed(String reason) {
            }
        };
    }

    private static JsonNode next(BlockingQueue<JsonNode> heard) throws InterruptedException {
        JsonNode value = heard.poll(10, TimeUnit.SECONDS);
        assertThat(value).isNotNull();
        return value;
    }
}
