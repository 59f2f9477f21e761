package io.caravan.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorNumber;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.RpcClient;
import io.caravan.store.MessageIntent;
import io.caravan.store.MessageStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.StoredMessage;
import io.caravan.support.SettableClock;
import io.caravan.support.TestDevnet;
import io.caravan.support.TestPostgres;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The chain as the node sees it, over a real socket to a devnet. */
class LotusChainTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final ScheduledExecutorService TIMER = Executors.newSingleThreadScheduledExecutor();
    private static final FilAddress CLIENT = TestDevnet.CLIENT.address();

    private static TestDevnet devnet;
    private static LotusChain chain;
    private static HeadFeed heads;

    private final PostgresMessageStore messages =
            new PostgresMessageStore(POSTGRES.database().sql(),
            SettableClock.at(Instant.parse("2026-01-01T00:00:00Z")));
    private final MessageLane lane =
            new MessageLane(chain, messages, (address, bytes) -> TestDevnet.CLIENT.sign(bytes));
    private final MessageWatcher watcher = new MessageWatcher(chain, messages);

    @BeforeAll
    static void start() {
        devnet = TestDevnet.start();
        heads = new HeadFeed(devnet.client(), TIMER, () -> Duration.ofMillis(200));
        chain = new LotusChain(devnet.client(), heads);
        devnet.mine(2);
    }

    @AfterAll
    static void stop() {
        heads.close();
        TIMER.shutdownNow();
        devnet.close();
    }

    private static MessageIntent addBalance(String key, long atto) {
        return new MessageIntent(key, CLIENT, Methods.MARKET, Methods.MARKET_ADD_BALANCE, TokenAmount.ofAtto(atto),
                Bytes.wrap(new AddBalanceParams(CLIENT).toCbor()), "test");
    }

    @Test
    void readsWhatTheNodeNeeds() {
        assertThat(chain.head().epoch().value()).isGreaterThanOrEqualTo(2);
        assertThat(chain.networkParams().preCommitChallengeDelay()).isEqualTo(10);
        assertThat(chain.networkVersion()).isGreaterThan(20);
        assertThat(chain.minerInfo(TestDevnet.MINER).sectorSize()).isEqualTo(2048);
        assertThat(chain.accountKey(chain.minerInfo(TestDevnet.MINER).worker())).isEqualTo(TestDevnet.WORKER.address());
        assertThat(chain.accountKey(chain.lookupId(CLIENT).orElseThrow())).isEqualTo(CLIENT);
        assertThat(chain.provingDeadline(TestDevnet.MINER).provingPeriod()).isEqualTo(2880);
        assertThat(chain.collateralBounds(PaddedPieceSize.of(2048), false).max())
                .isEqualTo(TokenAmount.ofFil(2_000_000_000));
        assertThat(chain.walletBalance(CLIENT).isZero()).isFalse();
        assertThat(chain.ticketRandomness(5, Epoch.of(1), Bytes.ofHex("4300e807")).size()).isEqualTo(32);
        assertThat(chain.beaconRandomness(6, Epoch.of(1), Bytes.ofHex("4300e807")).size()).isEqualTo(32);
        assertThat(chain.initialPledge(518_400, 2048, 0)).isNotNull();
    }

    @Test
    void saysEmptyForWhatTheChainDoesNotHave() {
        FilAddress nobody = FilAddress.ofSecp256k1Key(Bytes.ofHex("04" + "11".repeat(64)).toArray());
        assertThat(chain.lookupId(nobody)).isEmpty();
        assertThat(chain.walletBalance(nobody).isZero()).isTrue();
        assertThat(chain.marketBalance(nobody).escrow().isZero()).isTrue();
        assertThat(chain.verifiedDatacap(CLIENT)).isEmpty();
        assertThat(chain.storageDeal(99)).isEmpty();
        assertThat(chain.preCommit(TestDevnet.MINER, SectorNumber.of(7))).isEmpty();
        assertThat(chain.sector(TestDevnet.MINER, SectorNumber.of(7))).isEmpty();
        assertThat(chain.isSectorAllocated(TestDevnet.MINER, SectorNumber.of(7))).isFalse();
        assertThat(chain.search(Cid.dagCborBlake2b(new byte[] {9}))).isEmpty();
        assertThat(chain.message(Cid.dagCborBlake2b(new byte[] {9}))).isEmpty();
        assertThat(chain.chainNonce(nobody)).isZero();
        assertThat(chain.nextNonce(nobody)).isZero();
    }

    @Test
    void tellsARefusalFromAnAbsentNode() {
        assertThatThrownBy(() -> chain.minerInfo(FilAddress.ofId(4711))).isInstanceOf(ChainRefusedException.class);
        try (RpcClient nowhere = new RpcClient(URI.create("http://127.0.0.1:1/rpc/v1"), null)) {
            assertThatThrownBy(() -> new LotusChain(nowhere, heads).head()).isInstanceOf(RetryableException.class)
                    .hasMessageContaining("127.0.0.1:1");
        }
    }

    @Test
    void sendsOneIntentAsOneMessageHoweverOftenItIsSent() {
        TokenAmount before = chain.marketBalance(CLIENT).escrow();
        MessageIntent intent = addBalance("one", 1000);
        Cid cid = lane.send(intent);
        assertThat(lane.send(intent)).isEqualTo(cid);
        assertThat(watcher.look(cid, 0)).isInstanceOf(Landing.NotYet.class);
        devnet.mine(2);
        assertThat(lane.send(intent)).isEqualTo(cid);
        lane.resume();
        assertThat(watcher.look(cid, 5)).isInstanceOf(Landing.NotYet.class);
        devnet.mine(5);
        Landing.Landed landed = (Landing.Landed) watcher.look(cid, 5);
        assertThat(landed.isOk()).isTrue();
        assertThat(landed.message()).isEqualTo(cid);
        assertThat(chain.message(cid).orElseThrow().method()).isEqualTo(Methods.MARKET_ADD_BALANCE);
        assertThat(messages.find("one").orElseThrow().status()).isEqualTo(StoredMessage.Status.LANDED);
        assertThat(chain.marketBalance(CLIENT).escrow().minus(before)).isEqualTo(TokenAmount.ofAtto(1000));
        assertThat(lane.send(intent)).isEqualTo(cid);
        devnet.mine(2);
        assertThat(chain.marketBalance(CLIENT).escrow().minus(before)).isEqualTo(TokenAmount.ofAtto(1000));
    }

    @Test
    void pushesTheSameBytesAgainWhenAKillCameBeforeThePush() {
        MessageIntent intent = addBalance("killed", 2000);
        messages.intend(intent);
        Message draft = chain.estimateGas(Message.of(CLIENT, Methods.MARKET, intent.value(), intent.method(),
                intent.params()));
        StoredMessage signed = messages.sign("killed", chain.nextNonce(CLIENT), nonce -> {
            Message numbered = draft.withNonce(nonce);
            SignedMessage whole = new SignedMessage(numbered, TestDevnet.CLIENT.sign(numbered.signingBytes()));
            return new MessageStore.Signed(Bytes.wrap(whole.toCbor()), whole.cid(), 1);
        });
        lane.resume();
        devnet.mine(2);
        assertThat(watcher.look(signed.cid(), 0)).isInstanceOfSatisfying(Landing.Landed.class,
                landed -> assertThat(landed.isOk()).isTrue());
        assertThat(lane.send(intent)).isEqualTo(signed.cid());
    }

    @Test
    void leavesNoNonceBehindForAMessageThatCannotWork() {
        MessageIntent broken = new MessageIntent("broken", CLIENT, Methods.MARKET, Methods.MARKET_PUBLISH_STORAGE_DEALS,
                TokenAmount.ZERO, Bytes.of(new byte[] {1, 2, 3}), "test");
        long nonce = chain.nextNonce(CLIENT);
        assertThatThrownBy(() -> lane.send(broken)).isInstanceOf(ChainRefusedException.class);
        assertThat(messages.find("broken").orElseThrow().nonce()).isNull();
        assertThat(chain.nextNonce(CLIENT)).isEqualTo(nonce);
    }

    @Test
    void tellsOfNewHeads() throws Exception {
        CountDownLatch heard = new CountDownLatch(2);
        try (AutoCloseable listening = chain.onHead(change -> heard.countDown())) {
            for (int i = 0; i < 50 && !heard.await(100, TimeUnit.MILLISECONDS); i++) {
                devnet.mine(1);
            }
        }
        assertThat(heard.getCount()).isZero();
    }
}
