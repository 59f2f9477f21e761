package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.TokenAmount;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Deals that reached their end and what became of settling them: rows of {@code deal_settlement}, one a deal. */
public final class Settlements {

    /** @param attempts messages that were to settle it so far */
    public record Row(long dealId, Cid proposalCid, @Nullable String messageKey, int attempts) {}

    /** @param error why the last try of one of them did not work; null when none failed */
    public record Waiting(long many, @Nullable String error) {}

    private final Sql sql;
    private final MessageStore messages;
    private final Clock clock;

    /** @param messages on the same database */
    public Settlements(Sql sql, MessageStore messages, Clock clock) {
        this.sql = sql;
        this.messages = messages;
        this.clock = clock;
    }

    /** Notes that the deal's collateral is to be fetched. Idempotent. */
    public void enter(long dealId, Cid proposalCid) {
        sql.write("deal_settlement/enter",
                Map.of("deal_id", dealId, "proposal_cid", proposalCid.toString(), "now", clock.instant()));
    }

    /** Puts the deals that wait, at most that many, into one message; stores it in the same transaction. */
    public void close(int most, Function<List<Row>, MessageIntent> message) {
        sql.inTransaction(() -> {
            List<Row> batch = sql.list("deal_settlement/waiting", Map.of("limit", most), Settlements::row);
            if (!batch.isEmpty()) {
                String key = messages.intend(message.apply(batch)).intent().key();
                batch.forEach(row -> sql.write("deal_settlement/assign",
                        Map.of("deal_id", row.dealId(), "message_key", key)));
            }
            return batch.size();
        });
    }

    /** The keys of messages whose outcome is not written down yet. */
    public List<String> sent() {
        return sql.list("deal_settlement/sent", Map.of(), (row, number) -> row.getString("message_key"));
    }

    /** The deals of a message, by number, which is their order in it. */
    public List<Row> of(String messageKey) {
        return sql.list("deal_settlement/of-message", Map.of("message_key", messageKey), Settlements::row);
    }

    /** The market paid the rest and gave the collateral back. Idempotent. */
    public void settled(long dealId, TokenAmount paid) {
        end(dealId, "SETTLED", paid);
    }

    /** The market does not have the deal any more: somebody else settled it. Idempotent. */
    public void gone(long dealId) {
        end(dealId, "GONE", null);
    }

    /** The message did not settle it: the deal waits for another one. */
    public void again(long dealId, String error) {
        sql.write("deal_settlement/again", Map.of("deal_id", dealId, "error", error));
    }

    /** What still is to be settled. */
    public Waiting waiting() {
        return sql.one("deal_settlement/open", Map.of(), (row, number) ->
                new Waiting(row.getLong("many"), row.getString("error"))).orElseThrow();
    }

    private void end(long dealId, String outcome, @Nullable TokenAmount paid) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("deal_id", dealId);
        columns.put("outcome", outcome);
        columns.put("paid_atto", paid == null ? null : Rows.column(paid));
        columns.put("now", clock.instant());
        sql.write("deal_settlement/end", columns);
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(row.getLong("deal_id"), Rows.cid(row, "proposal_cid"), row.getString("message_key"),
                row.getInt("attempts"));
    }
}
