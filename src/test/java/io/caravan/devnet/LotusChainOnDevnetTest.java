package io.caravan.devnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.Chain;
import io.caravan.chain.ChangeMultiaddrsParams;
import io.caravan.chain.ChangePeerIdParams;
import io.caravan.chain.HeadChange;
import io.caravan.chain.HeadFeed;
import io.caravan.chain.LotusChain;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyType;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import io.caravan.support.TestDevnet;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The node's own door to a chain, opened on the devnet: every question gets an answer of the right shape. */
class LotusChainOnDevnetTest {

    private final TestDevnet devnet = TestDevnet.start();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final HeadFeed heads = new HeadFeed(devnet.client(), timer, () -> Duration.ofMillis(100));
    private final Chain chain = new LotusChain(devnet.client(), heads);

    @AfterEach
    void stop() {
        heads.close();
        timer.shutdownNow();
        devnet.close();
    }

    @Test
    void answersEveryQuestion() {
        FilAddress stranger = FilKey.generate(KeyType.SECP256K1, new SecureRandom()).address();
        assertThat(chain.head().epoch()).isEqualTo(Epoch.of(0));
        assertThat(chain.networkParams().name()).isEqualTo("caravan-devnet");
        assertThat(chain.networkParams().preCommitChallengeDelay()).isEqualTo(10);
        assertThat(chain.networkVersion()).isEqualTo(28);
        assertThat(chain.walletBalance(TestDevnet.CLIENT.address())).isEqualTo(TokenAmount.ofFil(1000));
        assertThat(chain.walletBalance(stranger)).isEqualTo(TokenAmount.ZERO);
        assertThat(chain.marketBalance(stranger)).isEqualTo(MarketBalance.ZERO);
        assertThat(chain.minerInfo(TestDevnet.MINER).sectorSize()).isEqualTo(2048);
        assertThat(chain.provingDeadline(TestDevnet.MINER).provingPeriod()).isEqualTo(2880);
        assertThat(chain.lookupId(stranger)).isEmpty();
        FilAddress id = chain.lookupId(TestDevnet.CLIENT.address()).orElseThrow();
        assertThat(chain.accountKey(id)).isEqualTo(TestDevnet.CLIENT.address());
        assertThat(chain.storageDeal(1)).isEmpty();
        assertThat(chain.collateralBounds(PaddedPieceSize.of(2048), false).min().atto()).isPositive();
        assertThat(chain.verifiedDatacap(TestDevnet.CLIENT.address())).isEmpty();
        assertThat(chain.preCommit(TestDevnet.MINER, SectorNumber.of(1))).isEmpty();
        assertThat(chain.sector(TestDevnet.MINER, SectorNumber.of(1))).isEmpty();
        assertThat(chain.isSectorAllocated(TestDevnet.MINER, SectorNumber.of(1))).isFalse();
        assertThat(chain.preCommitDeposit(TestDevnet.MINER, World.sector(1, World.PIECE, 100)).atto()).isPositive();
        assertThat(chain.initialPledge(1000, 2048, 0).atto()).isPositive();
        assertThat(chain.ticketRandomness(5, Epoch.of(-900), Bytes.EMPTY).size()).isEqualTo(32);
        assertThat(chain.beaconRandomness(6, Epoch.of(0), Bytes.EMPTY).size()).isEqualTo(32);
        assertThatThrownBy(() -> chain.beaconRandomness(6, Epoch.of(9), Bytes.EMPTY)).hasMessageContaining("future");
        assertThat(chain.nextNonce(stranger)).isZero();
        assertThat(chain.chainNonce(stranger)).isZero();
        assertThat(chain.pending()).isEmpty();
    }

    @Test
    void carriesADealFromFundsToPublished() {
        send(TestDevnet.CLIENT, Methods.MARKET, TokenAmount.ofFil(1), Methods.MARKET_ADD_BALANCE,
                new AddBalanceParams(TestDevnet.CLIENT.address()).toCbor());
        Cid funded = send(TestDevnet.WORKER, Methods.MARKET, TokenAmount.ofFil(1), Methods.MARKET_ADD_BALANCE,
                new AddBalanceParams(TestDevnet.MINER).toCbor());
        assertThat(chain.pending()).hasSize(2);
        assertThat(chain.message(funded)).isPresent();
        assertThat(chain.search(funded)).isEmpty();
        devnet.mine(2);
        assertThat(chain.search(funded).orElseThrow().receipt().isOk()).isTrue();
        assertThat(chain.marketBalance(TestDevnet.MINER).escrow()).isEqualTo(TokenAmount.ofFil(1));

        byte[] params = new PublishStorageDealsParams(List.of(World.signed(World.proposal()))).toCbor();
        Message publish = Message.of(TestDevnet.WORKER.address(), Methods.MARKET, TokenAmount.ZERO, 4,
                Bytes.of(params));
        assertThat(chain.simulate(publish).isOk()).isTrue();
        Cid cid = send(TestDevnet.WORKER, Methods.MARKET, TokenAmount.ZERO, 4, params);
        devnet.mine(2);
        long deal = PublishStorageDealsReturn.ofCbor(chain.search(cid).orElseThrow().receipt().returned().toArray())
                .idAt(0).orElseThrow();
        assertThat(chain.storageDeal(deal).orElseThrow().isActive()).isFalse();
        assertThat(chain.storageDeal(deal).orElseThrow().proposal().provider()).isEqualTo(TestDevnet.MINER);
    }

    @Test
    void showsWhereAMinerIs() {
        Bytes peer = Bytes.ofHex("002408011220" + "d2".repeat(32));
        send(TestDevnet.WORKER, TestDevnet.MINER, TokenAmount.ZERO, Methods.MINER_CHANGE_PEER_ID,
                new ChangePeerIdParams(peer).toCbor());
        send(TestDevnet.WORKER, TestDevnet.MINER, TokenAmount.ZERO, Methods.MINER_CHANGE_MULTIADDRS,
                new ChangeMultiaddrsParams(List.of(Bytes.ofHex("047f00000106115c"))).toCbor());
        devnet.mine(2);
        assertThat(chain.minerInfo(TestDevnet.MINER).peerId()).startsWith("12D3KooW");
        assertThat(chain.minerInfo(TestDevnet.MINER).multiaddrs()).containsExactly(Bytes.ofHex("047f00000106115c"));
    }

    @Test
    void tellsNewHeads() throws Exception {
        BlockingQueue<HeadChange> heard = new LinkedBlockingQueue<>();
        try (AutoCloseable listening = chain.onHead(heard::add)) {
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isNotNull();
            devnet.mine(1);
            HeadChange change = heard.poll(10, TimeUnit.SECONDS);
            assertThat(change).isNotNull();
            assertThat(change.applied()).last().satisfies(head -> assertThat(head.epoch()).isEqualTo(Epoch.of(1)));
        }
    }

    private Cid send(FilKey from, FilAddress to, TokenAmount value, long method, byte[] params) {
        Message message = chain.estimateGas(Message.of(from.address(), to, value, method, Bytes.of(params)))
                .withNonce(chain.nextNonce(from.address()));
        return chain.push(new SignedMessage(message, from.sign(message.signingBytes())));
    }
}
