package io.caravan.store;

import io.caravan.model.FilAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What our rows say of the nonces of a sender: read when the chain may know more of them than we do. */
public final class SentMessages {

    private final Sql sql;

    public SentMessages(Sql sql) {
        this.sql = sql;
    }

    /** Every address that signed something for us. */
    public List<FilAddress> senders() {
        return sql.list("message_lane/list", Map.of(), (row, number) -> FilAddress.parse(row.getString("sender")));
    }

    /** The nonce after the highest that our rows know; 0 if they know none. */
    public long nextNonce(FilAddress sender) {
        return sql.one("chain_message/nonce", Map.of("sender", sender.toString()), (row, number) -> row.getLong("next")).orElse(0L);
    }

    /** The message that holds a nonce. */
    public Optional<StoredMessage> ofNonce(FilAddress sender, long nonce) {
        return sql.one("chain_message/of-nonce", Map.of("sender", sender.toString(), "nonce", nonce), PostgresMessageStore::message);
    }
}
