package io.caravan.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore.Account;
import io.caravan.store.FundStore.Escrow;
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
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Deals reserve, publish, fail; people withdraw; messages land, fail or wait; the chain takes publications back; the
 * process dies at any point, all in random order on two addresses that two wallets pay for. Whatever comes, the money
 * that is reserved is there or on its way, and never a single attoFIL more is moved than somebody needs.
 */
class FundStorePropertyTest {

    private static final int STEPS = 250;
    private static final long CEILING = 2_000;
    private static final List<FilAddress> PLACES = List.of(FilAddress.ofId(1001), FilAddress.ofId(1002));

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T00:00:00Z"));
    private final Map<FilAddress, Long> escrow = new HashMap<>();
    private final Map<FilAddress, Long> locked = new HashMap<>();
    private final Map<FilAddress, Long> purses = new HashMap<>();
    private final Set<Cid> published = new HashSet<>();
    private final Set<String> executed = new HashSet<>();
    private PostgresMessageStore messages;
    private PostgresFundStore funds;
    private FundRequests requests;
    private Random random;
    private int deals;
    private long seed;

    static LongStream seeds() {
        return new Random().longs(4);
    }

    private final FundStore.Market chain = new FundStore.Market() {
        @Override
        public Escrow escrow(FilAddress address, List<Hold> counted) {
            Set<Cid> ours = new HashSet<>(published);
            ours.retainAll(counted.stream().map(Hold::proposalCid).toList());
            return new Escrow(TokenAmount.ofAtto(available(address)), ours);
        }

        @Override
        public TokenAmount purse(FilAddress wallet) {
            return TokenAmount.ofAtto(purses.get(wallet));
        }

        @Override
        public MessageIntent topUp(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
            return new MessageIntent(key, wallet, FilAddress.MARKET, 2, amount, Bytes.utf8(address.toString()), "top up");
        }

        @Override
        public MessageIntent withdrawal(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
            return new MessageIntent(key, wallet, FilAddress.MARKET, 3, amount, Bytes.utf8(address.toString()), "withdraw");
        }
    };

    @BeforeEach
    void empty() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        restart();
    }

    /** Nothing is kept outside the rows, so a kill is a new object. */
    private void restart() {
        Sql sql = POSTGRES.database().sql();
        messages = new PostgresMessageStore(sql, clock);
        funds = new PostgresFundStore(sql, messages, () -> TokenAmount.ofAtto(CEILING), clock);
        requests = new FundRequests(sql, messages, clock);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void reservedMoneyIsThereOrOnItsWayAndNoMoreIsMovedThanIsNeeded(long seedOfRun) {
        seed = seedOfRun;
        random = new Random(seed);
        PLACES.forEach(place -> {
            escrow.put(place, (long) random.nextInt(50));
            locked.put(place, 0L);
            purses.put(place, 500L + random.nextInt(1500));
        });
        for (int step = 0; step < STEPS; step++) {
            act();
            PLACES.forEach(this::check);
            assertThat(funds.toppedUp(clock.instant().minus(PostgresFundStore.DAY)).amount().atto().longValueExact())
                    .as("seed %d step %d: the day's top-ups", seed, step).isLessThanOrEqualTo(CEILING);
        }
        while (deals > 0) { // every deal ends: nothing stays reserved
            funds.release(deal(deals--), Purpose.CLIENT_PAYMENT);
        }
        PLACES.forEach(place -> assertThat(funds.account(place).reserved()).as("seed %d", seed).isEqualTo(TokenAmount.ZERO));
    }

    private void act() {
        FilAddress place = PLACES.get(random.nextInt(2));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> reserve(++deals, place);
            case 3 -> reserve(1 + random.nextInt(Math.max(1, deals)), place);
            case 4 -> funds.release(deal(1 + random.nextInt(Math.max(1, deals))), Purpose.CLIENT_PAYMENT);
            case 5 -> {
                requests.enter(FundRequests.Kind.WITHDRAW, place, place, TokenAmount.ofAtto(1 + random.nextInt(40)));
                funds.settle(place, chain);
            }
            case 6 -> publish(place);
            case 7 -> {
                if (random.nextInt(3) == 0) {
                    takeBack(place);
                }
            }
            case 8 -> restart();
            case 9 -> clock.forward(Duration.ofHours(random.nextInt(8)));
            case 10 -> {
                purses.merge(place, (long) random.nextInt(300), Long::sum);
                funds.settle(place, chain);
            }
            default -> execute(place);
        }
    }

    /** A deal keeps its terms however often its phase runs. */
    private void reserve(int number, FilAddress place) {
        Optional<Hold> there = funds.find(deal(number), Purpose.CLIENT_PAYMENT);
        Hold hold = there.orElse(new Hold(deal(number), Purpose.CLIENT_PAYMENT, place, PLACES.get(random.nextInt(2)),
                TokenAmount.ofAtto(random.nextInt(60)), HoldState.QUEUED, null, clock.instant()));
        Set<String> before = keys();
        FilAddress at = hold.address();
        funds.reserve(hold.proposalCid(), hold.purpose(), at, hold.wallet(), hold.amount(), chain);
        for (String key : keys()) {
            if (!before.contains(key) && key.startsWith("add-balance/" + at)) {
                assertThat(available(at) + value(key)).as("seed %d: a top-up brings exactly what is missing", seed)
                        .isEqualTo(counted(at));
            }
        }
    }

    private Set<String> keys() {
        var keys = new HashSet<String>();
        messages.intents(10_000).forEach(message -> keys.add(message.intent().key()));
        messages.live().forEach(message -> keys.add(message.intent().key()));
        return keys;
    }

    /** The market locks what a deal costs where it is there, as publishing does. */
    private void publish(FilAddress place) {
        funds.holds(place).stream().filter(hold -> hold.state() == HoldState.COVERED && !published.contains(hold.proposalCid())
                && amount(hold) <= available(place)).findAny().ifPresent(hold -> {
            locked.merge(place, amount(hold), Long::sum);
            published.add(hold.proposalCid());
            if (random.nextInt(5) == 0) {
                funds.release(hold.proposalCid(), hold.purpose()); // deep enough at once
            }
        });
    }

    private void takeBack(FilAddress place) {
        funds.holds(place).stream().filter(hold -> published.contains(hold.proposalCid())).findAny().ifPresent(hold -> {
            locked.merge(place, -amount(hold), Long::sum);
            published.remove(hold.proposalCid());
        });
    }

    /** The message in flight is signed, and perhaps lands, well or badly. */
    private void execute(FilAddress place) {
        String key = funds.account(place).messageKey();
        if (key == null) {
            return;
        }
        StoredMessage message = messages.find(key).orElseThrow();
        if (message.status() == Status.INTENT) {
            messages.sign(key, 0, nonce -> new MessageStore.Signed(Bytes.utf8(key), Cid.rawSha256(key.getBytes()), 1));
            if (random.nextBoolean()) {
                return;
            }
        }
        long value = value(key);
        boolean isWithdrawal = message.intent().method() == 3;
        boolean isOk = random.nextInt(8) != 0;
        if (isOk && executed.add(key)) {
            escrow.merge(place, isWithdrawal ? -value : value, Long::sum);
            if (!isWithdrawal) {
                purses.merge(message.intent().sender(), -value, Long::sum);
            }
        }
        messages.landed(key, Cid.rawSha256(key.getBytes()), 5, isOk ? 0 : 16, null);
        funds.settle(place, chain);
    }

    private void check(FilAddress place) {
        Account account = funds.account(place);
        long rows = funds.holds(place).stream().filter(Hold::isCounted).mapToLong(FundStorePropertyTest::amount).sum();
        assertThat(account.reserved().atto().longValueExact()).as("seed %d: reserved is the sum of the holds", seed).isEqualTo(rows);
        long onItsWay = 0;
        if (account.messageKey() != null) {
            StoredMessage message = messages.find(account.messageKey()).orElseThrow();
            onItsWay = message.intent().method() == 3 ? -value(account.messageKey()) : value(account.messageKey());
        }
        assertThat(available(place) + onItsWay - counted(place)).as("seed %d: what is free of %s", seed, place).isNotNegative();
        assertThat(escrow.get(place)).as("seed %d", seed).isGreaterThanOrEqualTo(locked.get(place));
    }

    private long counted(FilAddress place) {
        return funds.holds(place).stream().filter(hold -> hold.isCounted() && !published.contains(hold.proposalCid()))
                .mapToLong(FundStorePropertyTest::amount).sum();
    }

    private long available(FilAddress place) {
        return escrow.get(place) - locked.get(place);
    }

    private long value(String key) {
        return Objects.requireNonNull(messages.find(key).orElseThrow()).intent().value().atto().longValueExact();
    }

    private static long amount(Hold hold) {
        return hold.amount().atto().longValueExact();
    }

    private static Cid deal(int number) {
        return Cid.rawSha256(("deal " + number).getBytes());
    }
}
