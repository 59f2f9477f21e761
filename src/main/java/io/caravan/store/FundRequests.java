package io.caravan.store;

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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What people asked to be moved into the market's escrow or out of it, as rows of {@code fund_request}: kept from the
 * question to the end of its message, so that a kill neither forgets nor repeats one.
 */
public final class FundRequests {

    public enum Kind { ADD, WITHDRAW }

    public enum State {
        /** Asked for; nothing is sent yet. */
        QUEUED,
        /** Its message is stored and goes out. */
        SENT,
        /** Its message has landed and did what it was to do. */
        DONE,
        /** Nothing was moved, {@link Request#error()} says why. */
        REFUSED
    }

    /**
     * @param address whose escrow
     * @param wallet who pays for an addition; who signs for a withdrawal
     * @param messageKey its message; several withdrawals may share one
     */
    public record Request(long id, Kind kind, FilAddress address, FilAddress wallet, TokenAmount amount, State state,
            @Nullable String messageKey, @Nullable String error, Instant since) {}

    private final Sql sql;
    private final MessageStore messages;
    private final Clock clock;

    /** @param messages on the same database */
    public FundRequests(Sql sql, MessageStore messages, Clock clock) {
        this.sql = sql;
        this.messages = messages;
        this.clock = clock;
    }

    /** Writes the request down. Nothing is checked or sent by this. */
    public Request enter(Kind kind, FilAddress address, FilAddress wallet, TokenAmount amount) {
        return sql.inTransaction(() -> {
            sql.write("fund_account/open", Map.of("address", address.toString()));
            return sql.one("fund_request/insert", Map.of("kind", kind.name(), "address", address.toString(),
                    "wallet", wallet.toString(), "amount_atto", Rows.column(amount), "now", clock.instant()),
                    FundRequests::request).orElseThrow();
        });
    }

    public Optional<Request> find(long id) {
        return sql.one("fund_request/find", Map.of("id", id), FundRequests::request);
    }

    /** The requests of an address that are not done, oldest first. */
    public List<Request> open(FilAddress address) {
        return sql.list("fund_request/open", Map.of("address", address.toString()), FundRequests::request);
    }

    /** Stores the message of a request that still waits, once; returns the request as it then is. */
    public Request send(long id, Function<Request, MessageIntent> message) {
        return sql.inTransaction(() -> {
            Request request = locked(id);
            return request.state() != State.QUEUED ? request
                    : sent(request, messages.intend(message.apply(request)).intent().key());
        });
    }

    /**
     * Ends a request of which nothing has been signed yet, and takes its message back; returns the request, unchanged
     * when it is too late.
     */
    public Request refuse(long id, String why) {
        return sql.inTransaction(() -> {
            Request request = locked(id);
            boolean isTooLate = request.state() == State.DONE || request.state() == State.REFUSED
                    || request.messageKey() != null && !messages.callOff(request.messageKey(), why);
            return isTooLate ? request : written(request, State.REFUSED, request.messageKey(), why);
        });
    }

    /** Ends the requests of an address whose message is final. */
    void close(FilAddress address) {
        sql.write("fund_request/close", Map.of("address", address.toString(), "now", clock.instant()));
    }

    /** The caller holds the account's lock. */
    Request sent(Request request, String messageKey) {
        return written(request, State.SENT, messageKey, null);
    }

    /** The caller holds the account's lock. */
    void refused(Request request, String why) {
        written(request, State.REFUSED, null, why);
    }

    private Request written(Request request, State state, @Nullable String messageKey, @Nullable String error) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("id", request.id());
        columns.put("state", state.name());
        columns.put("message_key", messageKey);
        columns.put("error", error);
        columns.put("now", clock.instant());
        sql.write("fund_request/write", columns);
        return new Request(request.id(), request.kind(), request.address(), request.wallet(), request.amount(), state,
                messageKey, error, request.since());
    }

    private Request locked(long id) {
        return sql.one("fund_request/lock", Map.of("id", id), FundRequests::request)
                .orElseThrow(() -> new RetryableException("there is no request " + id));
    }

    private static Request request(ResultSet row, int number) throws SQLException {
        return new Request(row.getLong("id"), Kind.valueOf(row.getString("kind")),
                FilAddress.parse(row.getString("address")), FilAddress.parse(row.getString("wallet")),
                Rows.amount(row, "amount_atto"), State.valueOf(row.getString("state")), row.getString("message_key"),
                row.getString("error"), Rows.instant(row, "created_at"));
    }
}
