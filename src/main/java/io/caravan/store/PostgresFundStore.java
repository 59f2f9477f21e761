package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.FundRequests.Kind;
import io.caravan.store.FundRequests.Request;
import io.caravan.store.StoredMessage.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link FundStore} on rows of {@code fund_account}, {@code fund_hold} and {@code fund_request}. The chain is asked
 * outside the transaction; a round whose account was changed meanwhile asks again.
 */
public final class PostgresFundStore implements FundStore {

    /** The ceiling counts top-ups of this long. */
    public static final Duration DAY = Duration.ofHours(24);

    /** What the keys of messages begin with that bring money for holds. */
    public static final String TOP_UP = "add-balance/";

    private static final int ROUNDS_TO_TRY = 8;
    private static final Integer[] ENDS = Arrays.stream(DealState.values())
            .filter(DealState::isFinal).map(DealState::code).toArray(Integer[]::new);

    private record Row(Account account, @Nullable String lastKey) {}

    private final Sql sql;
    private final MessageStore messages;
    private final FundRequests requests;
    private final Supplier<TokenAmount> ceiling;
    private final Clock clock;

    /** Without a ceiling. */
    public PostgresFundStore(Sql sql, MessageStore messages, Clock clock) {
        this(sql, messages, () -> TokenAmount.ZERO, clock);
    }

    /**
     * @param messages on the same database: a message's intent is stored in the round's transaction
     * @param ceiling the most that top-ups may move in 24 hours, all addresses together; zero for no limit; asked at each round
     */
    public PostgresFundStore(Sql sql, MessageStore messages, Supplier<TokenAmount> ceiling, Clock clock) {
        this.sql = sql;
        this.messages = messages;
        this.requests = new FundRequests(sql, messages, clock);
        this.ceiling = ceiling;
        this.clock = clock;
    }

    @Override
    public Hold reserve(Cid proposalCid, Purpose purpose, FilAddress address, FilAddress wallet, TokenAmount amount,
            Market market) {
        Optional<Hold> there = find(proposalCid, purpose);
        if (there.isEmpty()) {
            sql.inTransaction(() -> {
                sql.write("fund_account/open", Map.of("address", address.toString()));
                return sql.write("fund_hold/insert", Map.of("proposal_cid", proposalCid.toString(),
                        "purpose", purpose.name(), "address", address.toString(), "wallet", wallet.toString(),
                        "amount_atto", Rows.column(amount), "now", clock.instant()));
            });
        } else if (there.get().state() != HoldState.QUEUED) {
            return there.get();
        }
        settle(address, market);
        return find(proposalCid, purpose).orElseThrow();
    }

    @Override
    public void settle(FilAddress address, Market market) {
        close(address);
        for (int round = 0; round < ROUNDS_TO_TRY; round++) {
            Account before = account(address);
            List<Hold> holds = holds(address);
            List<Hold> queued = holds.stream().filter(hold -> hold.state() == HoldState.QUEUED).toList();
            if (before.messageKey() != null || queued.isEmpty() && withdrawals(address).isEmpty()) {
                return;
            }
            Escrow escrow = market.escrow(address, holds.stream().filter(Hold::isCounted).toList());
            Map<FilAddress, TokenAmount> purses = new HashMap<>();
            queued.forEach(hold -> purses.computeIfAbsent(hold.wallet(), market::purse));
            boolean done = sql.inTransaction(() -> {
                Account account = locked(address).account();
                return account.version() == before.version() && account.messageKey() == null
                        && round(account, escrow, purses, market);
            });
            if (done) {
                return;
            }
        }
        throw new RetryableException(WaitsOn.NODE,
                "too many others reserve funds of " + address + " at the same moment", null);
    }

    /** What the last message was to bring has come or never will. */
    private void close(FilAddress address) {
        if (find(address).filter(row -> row.account().messageKey() == null && row.lastKey() != null).isPresent()) {
            sql.inTransaction(() -> {
                Account account = locked(address).account();
                if (account.messageKey() == null) {
                    sql.write("fund_hold/close", Map.of("address", address.toString(), "now", clock.instant()));
                    write(address, null, account.version() + 1);
                }
                return true;
            });
        }
        requests.close(address);
    }

    private boolean round(Account account, Escrow escrow, Map<FilAddress, TokenAmount> purses, Market market) {
        FilAddress address = account.address();
        List<Hold> holds = holds(address);
        TokenAmount counted = sum(holds.stream()
                .filter(hold -> hold.isCounted() && !escrow.locked().contains(hold.proposalCid())).toList());
        TokenAmount most = ceiling.get();
        TokenAmount allowance = allowance(most);
        FundRound round = FundRound.of(counted, escrow.available(),
                holds.stream().filter(hold -> hold.state() == HoldState.QUEUED && purses.containsKey(hold.wallet()))
                        .toList(),
                wallet -> most.isZero() ? purses.get(wallet) : purses.get(wallet).min(allowance));
        String key = null;
        if (round.wallet() != null) {
            key = TOP_UP + address + "/" + (account.version() + 1);
            messages.intend(market.topUp(key, round.wallet(), address, round.topUp()));
        }
        for (Hold hold : round.covered()) {
            write(hold, HoldState.COVERED, null, null);
        }
        for (Hold hold : round.funded()) {
            write(hold, HoldState.FUNDING, key, null);
        }
        if (key == null) {
            key = withdraw(account, escrow.available().minus(counted).minus(sum(round.covered())), market);
        }
        if (key != null || !round.covered().isEmpty()) {
            write(address, key, account.version() + 1);
        }
        return true;
    }

    /** The oldest withdrawals that the free money covers become one message; one that asks for more is refused. */
    private @Nullable String withdraw(Account account, TokenAmount free, Market market) {
        List<Request> taken = new ArrayList<>();
        TokenAmount sum = TokenAmount.ZERO;
        for (Request request : withdrawals(account.address())) {
            TokenAmount next = sum.plus(request.amount());
            if (next.isMoreThan(free)) {
                requests.refused(request, "withdraw more than available: " + request.amount() + " asked, "
                        + free.minus(sum).max(TokenAmount.ZERO) + " neither locked nor reserved in the escrow of "
                        + account.address());
            } else if (taken.isEmpty() || taken.get(0).wallet().equals(request.wallet())) {
                taken.add(request);
                sum = next;
            }
        }
        if (taken.isEmpty()) {
            return null;
        }
        String key = "withdraw/" + account.address() + "/" + (account.version() + 1);
        messages.intend(market.withdrawal(key, taken.get(0).wallet(), account.address(), sum));
        taken.forEach(request -> requests.sent(request, key));
        return key;
    }

    private List<Request> withdrawals(FilAddress address) {
        return requests.open(address).stream().filter(request -> request.kind() == Kind.WITHDRAW
                && request.state() == FundRequests.State.QUEUED).toList();
    }

    /** What the ceiling leaves of the day; whoever asks has the day to itself until its transaction ends. */
    private TokenAmount allowance(TokenAmount most) {
        if (most.isZero()) {
            return TokenAmount.ZERO;
        }
        sql.list("fund_account/day-lock", Map.of(), (row, number) -> row.getInt("held"));
        return most.minus(toppedUp(clock.instant().minus(DAY)).amount());
    }

    @Override
    public Optional<Hold> find(Cid proposalCid, Purpose purpose) {
        return sql.one("fund_hold/find", Map.of("proposal_cid", proposalCid.toString(), "purpose", purpose.name()),
                PostgresFundStore::hold);
    }

    @Override
    public TokenAmount release(Cid proposalCid, Purpose purpose) {
        Optional<Hold> there = find(proposalCid, purpose);
        if (there.isEmpty() || there.get().state() == HoldState.RELEASED) {
            return TokenAmount.ZERO;
        }
        return sql.inTransaction(() -> {
            Account account = locked(there.get().address()).account();
            Hold hold = find(proposalCid, purpose).orElseThrow();
            if (hold.state() == HoldState.RELEASED) {
                return TokenAmount.ZERO;
            }
            write(hold, HoldState.RELEASED, hold.messageKey(), clock.instant());
            if (hold.state() == HoldState.QUEUED) {
                return TokenAmount.ZERO; // it was never counted
            }
            callOffIfUseless(hold);
            rewrite(account);
            return hold.amount();
        });
    }

    /** A top-up that was not signed yet and that nobody waits for any more brings money to no end. */
    private void callOffIfUseless(Hold released) {
        String key = released.messageKey();
        if (key != null && released.state() == HoldState.FUNDING
                && messages.find(key).filter(message -> message.status() == Status.INTENT).isPresent()
                && sql.one("fund_hold/waiting-for", Map.of("message_key", key), (row, number) -> row.getLong("many"))
                        .orElseThrow() == 0) {
            messages.callOff(key, "nobody needs it any more");
        }
    }

    @Override
    public TokenAmount releaseCallers(FilAddress address, TokenAmount amount) {
        if (find(address).isEmpty()) {
            return TokenAmount.ZERO;
        }
        return sql.inTransaction(() -> {
            Account account = locked(address).account();
            TokenAmount left = amount;
            for (Hold hold : holds(address)) {
                if (hold.purpose() != Purpose.CALLER || !left.isMoreThan(TokenAmount.ZERO)) {
                    continue;
                }
                if (hold.amount().isMoreThan(left)) {
                    sql.write("fund_hold/reduce", Map.of("proposal_cid", hold.proposalCid().toString(),
                            "purpose", hold.purpose().name(), "amount_atto", Rows.column(hold.amount().minus(left))));
                    left = TokenAmount.ZERO;
                } else {
                    write(hold, HoldState.RELEASED, hold.messageKey(), clock.instant());
                    callOffIfUseless(hold);
                    left = left.minus(hold.amount());
                }
            }
            rewrite(account);
            return amount.minus(left);
        });
    }

    @Override
    public Account account(FilAddress address) {
        return find(address).map(Row::account).orElse(new Account(address, TokenAmount.ZERO, null, 0));
    }

    @Override
    public List<Account> accounts() {
        return sql.list("fund_account/all", Map.of(), PostgresFundStore::row).stream().map(Row::account).toList();
    }

    private Optional<Row> find(FilAddress address) {
        return sql.one("fund_account/find", Map.of("address", address.toString()), PostgresFundStore::row);
    }

    private Row locked(FilAddress address) {
        return sql.one("fund_account/lock", Map.of("address", address.toString()), PostgresFundStore::row)
                .orElseThrow();
    }

    @Override
    public List<Hold> holds(FilAddress address) {
        return sql.list("fund_hold/open", Map.of("address", address.toString()), PostgresFundStore::hold);
    }

    /** The holds whose money that message brings or has just brought, those left out that were given back. */
    public List<Hold> broughtBy(String messageKey) {
        return sql.list("fund_hold/of-message", Map.of("message_key", messageKey), PostgresFundStore::hold);
    }

    @Override
    public List<Hold> leftBehind() {
        return sql.list("fund_hold/left-behind", Map.of("ends", ENDS), PostgresFundStore::hold);
    }

    @Override
    public List<FilAddress> busy() {
        return sql.list("fund_account/busy", Map.of(), (row, number) -> FilAddress.parse(row.getString("address")));
    }

    @Override
    public long moves() {
        return sql.one("fund_account/moves", Map.of(), (row, number) -> row.getLong("moves")).orElse(0L);
    }

    @Override
    public ToppedUp toppedUp(Instant since) {
        return sql.one("fund_account/topped-up", Map.of("since", since), (row, number) ->
                new ToppedUp(Rows.amount(row, "amount"), Rows.instantOrNull(row, "oldest"))).orElseThrow();
    }

    /** After a release: the same message, another sum. */
    private void rewrite(Account account) {
        String key = locked(account.address()).lastKey();
        write(account.address(), key, account.version() + 1);
    }

    /** What is reserved is never carried along: it is the sum of the holds at this moment, under the account's lock. */
    private void write(FilAddress address, @Nullable String messageKey, long rounds) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("address", address.toString());
        columns.put("reserved_atto", sql.one("fund_hold/counted", Map.of("address", address.toString()),
                (row, number) -> row.getBigDecimal("amount")).orElseThrow());
        columns.put("message_key", messageKey);
        columns.put("rounds", rounds);
        sql.write("fund_account/write", columns);
    }

    private void write(Hold hold, HoldState state, @Nullable String messageKey, @Nullable Instant releasedAt) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("proposal_cid", hold.proposalCid().toString());
        columns.put("purpose", hold.purpose().name());
        columns.put("state", state.name());
        columns.put("message_key", messageKey);
        columns.put("released_at", releasedAt);
        sql.write("fund_hold/write", columns);
    }

    private static TokenAmount sum(List<Hold> holds) {
        return holds.stream().map(Hold::amount).reduce(TokenAmount.ZERO, TokenAmount::plus);
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(new Account(FilAddress.parse(row.getString("address")), Rows.amount(row, "reserved_atto"),
                row.getString("message_key"), row.getLong("rounds")), row.getString("last_key"));
    }

    private static Hold hold(ResultSet row, int number) throws SQLException {
        return new Hold(Rows.cid(row, "proposal_cid"), Purpose.valueOf(row.getString("purpose")),
                FilAddress.parse(row.getString("address")), FilAddress.parse(row.getString("wallet")),
                Rows.amount(row, "amount_atto"), HoldState.valueOf(row.getString("state")),
                row.getString("message_key"), Rows.instant(row, "created_at"));
    }
}
