package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.StoredMessage.Status;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class MoneyTest {

    private static final FilAddress CLIENT = FilAddress.ofId(1001);
    private static final FilAddress OTHER = FilAddress.ofId(1002);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private PostgresMessageStore messages;
    private PostgresFundStore funds;
    private FundRequests requests;
    private long available;
    private final Map<FilAddress, Long> purses = new HashMap<>();
    private final Set<Cid> locked = new HashSet<>();

    /** A chain made of the two numbers that a round reads. */
    private final FundStore.Market market = new FundStore.Market() {
        @Override
        public FundStore.Escrow escrow(FilAddress address, List<Hold> counted) {
            return new FundStore.Escrow(TokenAmount.ofAtto(available), Set.copyOf(locked));
        }

        @Override
        public TokenAmount purse(FilAddress wallet) {
            return TokenAmount.ofAtto(purses.getOrDefault(wallet, 1_000_000L));
        }

        @Override
        public MessageIntent topUp(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
            return new MessageIntent(key, wallet, FilAddress.MARKET, 2, amount, Bytes.EMPTY, "top up");
        }

        @Override
        public MessageIntent withdrawal(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
            return new MessageIntent(key, wallet, FilAddress.MARKET, 3, amount, Bytes.EMPTY, "withdraw");
        }
    };

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        messages = new PostgresMessageStore(POSTGRES.database().sql(), clock);
        funds = new PostgresFundStore(POSTGRES.database().sql(), messages, clock);
        requests = new FundRequests(POSTGRES.database().sql(), messages, clock);
    }

    private static Cid cid(String name) {
        return Cid.rawSha256(name.getBytes());
    }

    private static MessageIntent intent(String key, FilAddress wallet, long value) {
        return new MessageIntent(key, wallet, FilAddress.MARKET, 2, TokenAmount.ofAtto(value), Bytes.EMPTY, "test");
    }

    private Hold reserve(String deal, long amount) {
        return reserve(deal, CLIENT, amount);
    }

    private Hold reserve(String deal, FilAddress wallet, long amount) {
        return funds.reserve(cid(deal), Purpose.CLIENT_PAYMENT, CLIENT, wallet, TokenAmount.ofAtto(amount),
                market);
    }

    private void settle() {
        funds.settle(CLIENT, market);
    }

    private long release(String deal) {
        return funds.release(cid(deal), Purpose.CLIENT_PAYMENT).atto().longValueExact();
    }

    private long reserved() {
        long counted = funds.holds(CLIENT).stream().filter(hold -> hold.state() != HoldState.QUEUED)
                .mapToLong(hold -> hold.amount().atto().longValueExact()).sum();
        long reserved = funds.account(CLIENT).reserved().atto().longValueExact();
        assertThat(reserved).as("reserved is the sum of the open holds").isEqualTo(counted);
        return reserved;
    }

    private long topUp(Hold hold) {
        return messages.find(Objects.requireNonNull(hold.messageKey())).orElseThrow().intent().value().atto()
                .longValueExact();
    }

    private void land(Hold hold, long availableAfter) {
        land(Objects.requireNonNull(hold.messageKey()), availableAfter);
    }

    private void land(String key, long availableAfter) {
        messages.sign(key, 0, nonce -> new MessageStore.Signed(Bytes.utf8("m" + nonce), cid("m" + nonce), 1));
        messages.landed(key, cid("landed"), 5, 0, null);
        available = availableAfter;
    }

    @Test
    @DisplayName("S079 the fund manager moves what the vectors of the specification say")
    void tellsTheReferencesTopUpsApart() {
        Hold first = reserve("a", 10);
        assertThat(first.state()).isEqualTo(HoldState.FUNDING);
        assertThat(topUp(first)).isEqualTo(10);
        assertThat(reserve("b", 5).state()).isEqualTo(HoldState.QUEUED);
        assertThat(reserved()).isEqualTo(10);
        land(first, 10);
        Hold second = reserve("b", 5);
        assertThat(topUp(second)).isEqualTo(5);
        assertThat(reserved()).isEqualTo(15);
        land(second, 15);

        assertThat(release("b")).isEqualTo(5);
        assertThat(reserve("c", 3).state()).isEqualTo(HoldState.COVERED);
        assertThat(reserved()).isEqualTo(13);
        assertThat(release("a")).isEqualTo(10);
        Hold third = reserve("d", 13);
        assertThat(topUp(third)).isEqualTo(1);
        assertThat(reserved()).isEqualTo(16);
        land(third, 116);

        assertThat(reserve("e", 10).state()).isEqualTo(HoldState.COVERED);
        assertThat(reserved()).isEqualTo(26);
        FundRequests.Request tooMuch = withdraw(95);
        assertThat(tooMuch.state()).isEqualTo(FundRequests.State.REFUSED);
        assertThat(tooMuch.error()).startsWith("withdraw more than available");
        assertThat(messages.intents(10)).isEmpty();
        FundRequests.Request all = withdraw(90);
        assertThat(all.state()).isEqualTo(FundRequests.State.SENT);
        assertThat(messages.find(Objects.requireNonNull(all.messageKey())).orElseThrow().intent().value())
                .isEqualTo(TokenAmount.ofAtto(90));
        assertThat(withdraw(1).state()).isEqualTo(FundRequests.State.QUEUED);
        assertThat(reserve("0", 0).state()).isEqualTo(HoldState.QUEUED);
        land(all.messageKey(), 26);
        settle();
        assertThat(reserve("0", 0).state()).isEqualTo(HoldState.COVERED);
        assertThat(requests.find(all.id()).orElseThrow().state()).isEqualTo(FundRequests.State.DONE);
    }

    private FundRequests.Request withdraw(long amount) {
        return withdraw(CLIENT, amount);
    }

    private FundRequests.Request withdraw(FilAddress wallet, long amount) {
        long id = requests.enter(FundRequests.Kind.WITHDRAW, CLIENT, wallet, TokenAmount.ofAtto(amount)).id();
        settle();
        return requests.find(id).orElseThrow();
    }

    @Test
    void coversAnEmptyNeedAtOnce() {
        assertThat(reserve("a", 0).state()).isEqualTo(HoldState.COVERED);
        assertThat(messages.intents(10)).isEmpty();
    }

    @Test
    void reservesAndReleasesOnceHoweverOftenItIsAsked() {
        Hold hold = reserve("a", 10);
        assertThat(reserve("a", 10)).isEqualTo(hold);
        assertThat(messages.intents(10)).hasSize(1);
        assertThat(release("a")).isEqualTo(10);
        assertThat(release("a")).isZero();
        assertThat(release("never")).isZero();
        assertThat(reserved()).isZero();
    }

    @Test
    void coversAllThatQueuedWithOneMessage() {
        Hold first = reserve("a", 10);
        for (int i = 0; i < 5; i++) {
            reserve("q" + i, 10);
        }
        assertThat(release("q0")).isZero();
        land(first, 10);
        settle();
        assertThat(topUp(reserve("q1", 10))).isEqualTo(40);
        assertThat(reserve("q4", 10).messageKey()).isEqualTo(reserve("q1", 10).messageKey());
        assertThat(reserved()).isEqualTo(50);
        settle();
        assertThat(messages.intents(10)).hasSize(1);
    }

    @Test
    void letsEachWalletPayForItsOwn() {
        available = 0;
        Hold first = reserve("a", CLIENT, 10);
        reserve("b", OTHER, 7);
        land(first, 10);
        Hold second = reserve("b", OTHER, 7);
        assertThat(messages.find(Objects.requireNonNull(second.messageKey())).orElseThrow().intent().sender())
                .isEqualTo(OTHER);
        assertThat(topUp(second)).isEqualTo(7);
    }

    @Test
    void doesNotCountWhatTheChainHasLockedForAPublishedDeal() {
        available = 10;
        assertThat(reserve("published", 10).state()).isEqualTo(HoldState.COVERED);
        available = 0; // the chain locked the ten; the hold stays until that is deep enough
        locked.add(cid("published"));
        Hold next = reserve("next", 4);
        assertThat(topUp(next)).isEqualTo(4);
        assertThat(reserved()).isEqualTo(14);
    }

    @Test
    void countsAHoldAgainWhenItsPublicationIsTakenBack() {
        available = 10;
        reserve("published", 10);
        locked.add(cid("published"));
        locked.clear();
        assertThat(withdraw(1).state()).isEqualTo(FundRequests.State.REFUSED);
    }

    @Test
    void leavesQueuedWhatItsWalletCannotPayAndGoesOnWithTheOthers() {
        purses.put(CLIENT, 5L);
        assertThat(reserve("dear", CLIENT, 6).state()).isEqualTo(HoldState.QUEUED);
        Hold cheap = reserve("cheap", CLIENT, 5);
        assertThat(topUp(cheap)).isEqualTo(5);
        assertThat(reserved()).isEqualTo(5);
        land(cheap, 5);
        purses.put(CLIENT, 6L);
        assertThat(topUp(reserve("dear", CLIENT, 6))).isEqualTo(6);
    }

    @Test
    void movesNoMoreInADayThanTheCeiling() {
        funds = new PostgresFundStore(POSTGRES.database().sql(), messages, () -> TokenAmount.ofAtto(10), clock);
        Hold first = reserve("a", 7);
        assertThat(first.state()).isEqualTo(HoldState.FUNDING);
        land(first, 7);
        assertThat(reserve("b", 4).state()).isEqualTo(HoldState.QUEUED);
        assertThat(topUp(reserve("c", 3))).isEqualTo(3);
        land(reserve("c", 3), 10);
        assertThat(funds.toppedUp(clock.instant().minus(PostgresFundStore.DAY)).amount())
                .isEqualTo(TokenAmount.ofAtto(10));
        clock.forward(Duration.ofHours(23));
        assertThat(reserve("b", 4).state()).isEqualTo(HoldState.QUEUED);
        clock.forward(Duration.ofHours(1));
        assertThat(topUp(reserve("b", 4))).isEqualTo(4);
    }

    @Test
    void aRaisedCeilingHoldsForTheNextRound() {
        AtomicReference<TokenAmount> ceiling = new AtomicReference<>(TokenAmount.ofAtto(3));
        funds = new PostgresFundStore(POSTGRES.database().sql(), messages, ceiling::get, clock);
        assertThat(reserve("a", 4).state()).isEqualTo(HoldState.QUEUED);
        ceiling.set(TokenAmount.ofAtto(4));
        assertThat(topUp(reserve("a", 4))).isEqualTo(4);
    }

    @Test
    void takesBackATopUpThatNobodyNeedsAnyMore() {
        Hold hold = reserve("a", 10);
        release("a");
        assertThat(messages.find(Objects.requireNonNull(hold.messageKey())).orElseThrow().status())
                .isEqualTo(Status.FAILED);
        assertThat(reserve("b", 3).state()).isEqualTo(HoldState.FUNDING);
        assertThat(reserved()).isEqualTo(3);
    }

    @Test
    void givesBackTheHoldsOfATopUpThatFailed() {
        Hold hold = reserve("a", 10);
        String key = Objects.requireNonNull(hold.messageKey());
        messages.sign(key, 0, nonce -> new MessageStore.Signed(Bytes.utf8("m" + nonce), cid("m" + nonce), 1));
        messages.landed(key, cid("landed"), 5, 6, null);
        assertThat(topUp(reserve("b", 4))).isEqualTo(4);
        assertThat(reserve("a", 10).state()).isEqualTo(HoldState.RELEASED);
        assertThat(reserved()).isEqualTo(4);
    }

    @Test
    void withdrawsForOneWalletAtATimeAndNeverMoreThanIsFree() {
        available = 100;
        reserve("a", 40);
        requests.enter(FundRequests.Kind.WITHDRAW, CLIENT, CLIENT, TokenAmount.ofAtto(20));
        requests.enter(FundRequests.Kind.WITHDRAW, CLIENT, OTHER, TokenAmount.ofAtto(10));
        requests.enter(FundRequests.Kind.WITHDRAW, CLIENT, CLIENT, TokenAmount.ofAtto(30));
        requests.enter(FundRequests.Kind.WITHDRAW, CLIENT, CLIENT, TokenAmount.ofAtto(11));
        settle();
        assertThat(messages.intents(10)).singleElement().satisfies(message ->
                assertThat(message.intent().value()).isEqualTo(TokenAmount.ofAtto(50)));
        assertThat(requests.open(CLIENT)).extracting(FundRequests.Request::state).containsExactly(
                FundRequests.State.SENT, FundRequests.State.QUEUED, FundRequests.State.SENT);
        land(messages.intents(1).get(0).intent().key(), 50);
        settle();
        assertThat(messages.intents(10)).singleElement().satisfies(message -> {
            assertThat(message.intent().value()).isEqualTo(TokenAmount.ofAtto(10));
            assertThat(message.intent().sender()).isEqualTo(OTHER);
        });
    }

    @Test
    void givesBackToCallersOnlyWhatCallersReserved() {
        available = 100;
        reserve("deal", 40);
        for (long amount : new long[] {10, 5}) {
            funds.reserve(cid("caller" + amount), Purpose.CALLER, CLIENT, CLIENT, TokenAmount.ofAtto(amount), market);
        }
        assertThat(funds.releaseCallers(CLIENT, TokenAmount.ofAtto(12))).isEqualTo(TokenAmount.ofAtto(12));
        assertThat(reserved()).isEqualTo(43);
        assertThat(funds.releaseCallers(CLIENT, TokenAmount.ofAtto(12))).isEqualTo(TokenAmount.ofAtto(3));
        assertThat(reserved()).isEqualTo(40);
    }

    @Test
    void keepsTheSumRightUnderManyHands() throws Exception {
        available = 1_000_000;
        long seed = new Random().nextLong();
        var pool = Executors.newFixedThreadPool(6);
        List<Callable<Void>> work = IntStream.range(0, 6).<Callable<Void>>mapToObj(n -> () -> {
            var random = new Random(seed + n);
            for (int i = 0; i < 25; i++) {
                String deal = "d" + random.nextInt(20);
                if (random.nextBoolean()) {
                    reserve(deal, random.nextInt(50));
                } else {
                    release(deal);
                }
            }
            return null;
        }).toList();
        for (var done : pool.invokeAll(work, 60, TimeUnit.SECONDS)) {
            done.get();
        }
        pool.shutdown();
        assertThat(reserved()).as("seed %d", seed).isNotNegative();
    }

    @Test
    void givesEachSendersNoncesOneAfterTheOther() throws Exception {
        int many = 12;
        for (int i = 0; i < many; i++) {
            messages.intend(intent("m" + i, CLIENT, i));
        }
        var pool = Executors.newFixedThreadPool(4);
        for (int i = 0; i < many; i++) {
            String key = "m" + i;
            pool.submit(() -> messages.sign(key, 7, nonce -> new MessageStore.Signed(Bytes.utf8(key), cid(key), 1)));
        }
        pool.shutdown();
        assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(messages.live()).extracting(StoredMessage::nonce)
                .containsExactlyElementsOf(IntStream.range(7, 7 + many).mapToObj(Long::valueOf).toList());
        assertThat(messages.sign("m0", 500, nonce -> {
            throw new AssertionError("signed twice");
        }).nonce()).isBetween(7L, 7L + many);
    }

    @Test
    void keepsAMessagesBytesFromSigningToLanding() {
        StoredMessage intent = messages.intend(intent("publish/1", CLIENT, 0));
        assertThat(messages.intend(intent("publish/1", OTHER, 9))).isEqualTo(intent);
        messages.sign("publish/1", 3, nonce -> new MessageStore.Signed(Bytes.utf8("bytes"), cid("signed"), 1));
        messages.pushFailed("publish/1", "node away");
        assertThat(messages.find("publish/1").orElseThrow().status()).isEqualTo(Status.SIGNED);
        messages.pushed("publish/1");
        StoredMessage pushed = new PostgresMessageStore(POSTGRES.database().sql(), clock).live().get(0);
        assertThat(pushed.signed()).isEqualTo(Bytes.utf8("bytes"));
        assertThat(pushed.nonce()).isEqualTo(3);
        messages.landed("publish/1", cid("replaced"), 44, 0, Bytes.utf8("return"));
        messages.landed("publish/1", cid("replaced"), 44, 0, Bytes.utf8("return"));
        messages.pushed("publish/1");
        StoredMessage landed = messages.findByCid(cid("replaced")).orElseThrow();
        assertThat(landed.status()).isEqualTo(Status.LANDED);
        assertThat(messages.findByCid(cid("signed"))).contains(landed);
        assertThat(messages.live()).isEmpty();
        messages.unlanded("publish/1");
        assertThat(messages.live()).hasSize(1);
    }

    @Test
    void givesTheNonceOfAFailedMessageToTheNext() {
        messages.intend(intent("a", CLIENT, 0));
        messages.intend(intent("b", CLIENT, 0));
        messages.sign("a", 0, nonce -> new MessageStore.Signed(Bytes.utf8("a"), cid("a"), 1));
        messages.failed("a", "somebody used the nonce");
        assertThat(messages.sign("b", 0, nonce -> new MessageStore.Signed(Bytes.utf8("b"), cid("b"), 1)).nonce()).isZero();
        assertThatThrownBy(() -> messages.landed("a", cid("a"), 1, 0, null)).isInstanceOf(FatalException.class);
        assertThatThrownBy(() -> messages.pushed("nobody")).isInstanceOf(FatalException.class);
    }
}
