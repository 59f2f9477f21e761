package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@link FundStore} on rows of {@code fund_account} and {@code fund_hold}. The chain is asked outside the transaction;
 * a round whose account was changed meanwhile asks again.
 */
public final class PostgresFundStore implements FundStore {

    private static final int ROUNDS_TO_TRY = 8;

    private final Sql sql;
    private final MessageStore messages;
    private final Clock clock;

    /** @param messages on the same database: a top-up's intent is stored in the round's transaction */
    public PostgresFundStore(Sql sql, MessageStore messages, Clock clock) {
        this.sql = sql;
        this.messages = messages;
        this.clock = clock;
    }

    @Override
    public Hold reserve(Cid proposalCid, Purpose purpose, FilAddress address, FilAddress wallet, TokenAmount amount,
            Supplier<TokenAmount> available, TopUp topUp) {
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
        settle(address, available, topUp);
        return find(proposalCid, purpose).orElseThrow();
    }

    @Override
    public void settle(FilAddress address, Supplier<TokenAmount> available, TopUp topUp) {
        for (int round = 0; round < ROUNDS_TO_TRY; round++) {
            Account before = account(address);
            if (before.messageKey() != null || holds(address).stream().noneMatch(PostgresFundStore::isQueued)) {
                return;
            }
            TokenAmount free = available.get();
            boolean done = sql.inTransaction(() -> {
                Account account = locked(address);
                return account.version() == before.version() && account.messageKey() == null
                        && round(account, free, topUp);
            });
            if (done) {
                return;
            }
        }
        throw new RetryableException("too many others reserve funds of " + address + " at the same moment");
    }

    private boolean round(Account account, TokenAmount free, TopUp topUp) {
        FilAddress address = account.address();
        List<Hold> queued = holds(address).stream().filter(PostgresFundStore::isQueued).toList();
        FundRound round = FundRound.of(account.reserved(), free, queued);
        String key = null;
        if (round.wallet() != null) {
            key = "add-balance/" + address + "/" + (account.version() + 1);
            messages.intend(topUp.message(key, round.wallet(), address, round.topUp()));
        }
        for (Hold hold : round.covered()) {
            write(hold, HoldState.COVERED, null, null);
        }
        for (Hold hold : round.funded()) {
            write(hold, HoldState.FUNDING, key, null);
        }
        write(address, round.reserved(), key, account.version() + 1);
        return true;
    }

    @Override
    public Optional<Hold> find(Cid proposalCid, Purpose purpose) {
        return sql.one("fund_hold/find", Map.of("proposal_cid", proposalCid.toString(), "purpose", purpose.name()),
                PostgresFundStore::hold);
    }

    @Override
    public TokenAmount release(Cid proposalCid, Purpose purpose) {
        Optional<Hold> there = find(proposalCid, purpose);
        if (there.isEmpty()) {
            return TokenAmount.ZERO;
        }
        return sql.inTransaction(() -> {
            Account account = locked(there.get().address());
            Hold hold = find(proposalCid, purpose).orElseThrow();
            if (hold.state() == HoldState.RELEASED) {
                return TokenAmount.ZERO;
            }
            write(hold, HoldState.RELEASED, hold.messageKey(), clock.instant());
            if (hold.state() == HoldState.QUEUED) {
                return TokenAmount.ZERO; // it was never counted
            }
            write(account.address(), account.reserved().minus(hold.amount()), account.messageKey(),
                    account.version() + 1);
            return hold.amount();
        });
    }

    @Override
    public Account account(FilAddress address) {
        return sql.one("fund_account/find", Map.of("address", address.toString()), PostgresFundStore::account)
                .orElse(new Account(address, TokenAmount.ZERO, null, 0));
    }

    private Account locked(FilAddress address) {
        return sql.one("fund_account/lock", Map.of("address", address.toString()), PostgresFundStore::account)
                .orElseThrow();
    }

    @Override
    public List<Hold> holds(FilAddress address) {
        return sql.list("fund_hold/open", Map.of("address", address.toString()), PostgresFundStore::hold);
    }

    @Override
    public Optional<StoredMessage> withdraw(FilAddress address, TokenAmount amount, Supplier<TokenAmount> available,
            MessageIntent intent) {
        sql.write("fund_account/open", Map.of("address", address.toString()));
        Account before = account(address);
        TokenAmount free = available.get();
        return sql.inTransaction(() -> {
            Account account = locked(address);
            if (account.messageKey() != null || account.version() != before.version()) {
                throw new RetryableException("funds of " + address + " are being moved; withdraw again afterwards");
            }
            if (amount.isMoreThan(free.minus(account.reserved()))) {
                return Optional.empty();
            }
            StoredMessage message = messages.intend(intent);
            write(address, account.reserved(), intent.key(), account.version() + 1);
            return Optional.of(message);
        });
    }

    private void write(FilAddress address, TokenAmount reserved, @Nullable String messageKey, long rounds) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("address", address.toString());
        columns.put("reserved_atto", Rows.column(reserved));
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

    private static boolean isQueued(Hold hold) {
        return hold.state() == HoldState.QUEUED;
    }

    private static Account account(ResultSet row, int number) throws SQLException {
        return new Account(FilAddress.parse(row.getString("address")), Rows.amount(row, "reserved_atto"),
                row.getString("message_key"), row.getLong("rounds"));
    }

    private static Hold hold(ResultSet row, int number) throws SQLException {
        return new Hold(Rows.cid(row, "proposal_cid"), Purpose.valueOf(row.getString("purpose")),
                FilAddress.parse(row.getString("address")), FilAddress.parse(row.getString("wallet")),
                Rows.amount(row, "amount_atto"), HoldState.valueOf(row.getString("state")),
                row.getString("message_key"));
    }
}
