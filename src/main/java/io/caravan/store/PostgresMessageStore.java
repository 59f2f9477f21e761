package io.caravan.store;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.store.StoredMessage.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** {@link MessageStore} on rows of {@code chain_message}, with {@code message_lane} as each sender's lock. */
public final class PostgresMessageStore implements MessageStore {

    private final Sql sql;
    private final Clock clock;

    public PostgresMessageStore(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    @Override
    public StoredMessage intend(MessageIntent intent) {
        sql.write("chain_message/intend", Map.of("intent_key", intent.key(), "sender", intent.sender().toString(),
                "receiver", intent.receiver().toString(), "method", intent.method(),
                "value_atto", Rows.column(intent.value()), "params", intent.params().toArray(),
                "note", intent.note(), "now", clock.instant()));
        return find(intent.key()).orElseThrow();
    }

    @Override
    public Optional<StoredMessage> find(String key) {
        return sql.one("chain_message/find", Map.of("intent_key", key), PostgresMessageStore::message);
    }

    @Override
    public Optional<StoredMessage> findByCid(Cid cid) {
        return sql.one("chain_message/find-cid", Map.of("cid", cid.toString()), PostgresMessageStore::message);
    }

    @Override
    public StoredMessage sign(String key, long chainNonce, LongFunction<Signed> signer) {
        return sql.inTransaction(() -> {
            String sender = find(key).orElseThrow(() -> missing(key)).intent().sender().toString();
            sql.write("message_lane/open", Map.of("sender", sender));
            sql.list("message_lane/lock", Map.of("sender", sender), (row, number) -> sender);
            StoredMessage message = locked(key);
            if (message.status() != Status.INTENT) {
                return message;
            }
            long ours = sql.one("chain_message/nonce", Map.of("sender", sender), (row, number) -> row.getLong("next"))
                    .orElse(0L);
            long nonce = Math.max(chainNonce, ours);
            return signed(message, nonce, signer.apply(nonce));
        });
    }

    @Override
    public void pushed(String key) {
        change(key, message -> message.status().isFinal() ? message : new Progress(message).pushed());
    }

    @Override
    public void pushFailed(String key, String error) {
        change(key, message -> message.status().isFinal() ? message : new Progress(message).pushFailed(error));
    }

    @Override
    public boolean landed(String key, Cid landedCid, long epoch, long exitCode, @Nullable Bytes returned) {
        AtomicBoolean isNews = new AtomicBoolean();
        change(key, message -> {
            isNews.set(message.status() != Status.LANDED);
            return message.status() == Status.INTENT || message.status() == Status.FAILED
                    ? refused(message, "land") : new Progress(message).landed(landedCid, epoch, exitCode, returned);
        });
        return isNews.get();
    }

    @Override
    public void unlanded(String key) {
        change(key, message -> message.status() != Status.LANDED ? message : new Progress(message).unlanded());
    }

    @Override
    public void failed(String key, String error) {
        change(key, message -> message.status() == Status.LANDED
                ? refused(message, "fail") : new Progress(message).failed(error));
    }

    @Override
    public boolean callOff(String key, String reason) {
        return find(key).isPresent() && change(key, message -> message.status() == Status.INTENT
                ? new Progress(message).failed(reason) : message).status() == Status.FAILED;
    }

    @Override
    public StoredMessage replace(String key, Signed signed) {
        return sql.inTransaction(() -> {
            StoredMessage message = locked(key);
            return message.status().isLive() ? signed(message, nonce(message), signed)
                    : refused(message, "be replaced");
        });
    }

    /** New bytes and the note of them, in the caller's transaction. */
    private StoredMessage signed(StoredMessage message, long nonce, Signed signed) {
        sql.write("chain_message_version/insert", Map.of("intent_key", message.intent().key(),
                "cid", signed.cid().toString(), "signed_epoch", signed.epoch(), "now", clock.instant()));
        return stored(new Progress(message).signed(nonce, signed));
    }

    @Override
    public List<Version> versions(String key) {
        return sql.list("chain_message_version/list", Map.of("intent_key", key),
                (row, number) -> new Version(Rows.cid(row, "cid"), row.getLong("signed_epoch")));
    }

    @Override
    public long goneSince(String key, long epoch) {
        sql.write("chain_message_gone/note", Map.of("intent_key", key, "since_epoch", epoch));
        return sql.one("chain_message_gone/find", Map.of("intent_key", key), (row, number) -> row.getLong("since_epoch"))
                .orElse(epoch);
    }

    @Override
    public void notGone(String key) {
        sql.write("chain_message_gone/forget", Map.of("intent_key", key));
    }

    @Override
    public List<StoredMessage> live() {
        return sql.list("chain_message/live", Map.of(), PostgresMessageStore::message);
    }

    @Override
    public List<StoredMessage> intents(int limit) {
        return sql.list("chain_message/intents", Map.of("limit", limit), PostgresMessageStore::message);
    }

    private StoredMessage change(String key, UnaryOperator<StoredMessage> change) {
        return sql.inTransaction(() -> {
            StoredMessage was = locked(key);
            StoredMessage is = change.apply(was);
            return is == was ? was : stored(is);
        });
    }

    private StoredMessage locked(String key) {
        return sql.one("chain_message/lock", Map.of("intent_key", key), PostgresMessageStore::message)
                .orElseThrow(() -> missing(key));
    }

    private StoredMessage stored(StoredMessage message) {
        var columns = new HashMap<String, @Nullable Object>();
        columns.put("intent_key", message.intent().key());
        columns.put("status", message.status().name());
        columns.put("nonce", message.nonce());
        columns.put("signed", Rows.column(message.signed()));
        columns.put("cid", Rows.text(message.cid()));
        columns.put("landed_cid", Rows.text(message.landedCid()));
        columns.put("landed_epoch", message.landedEpoch());
        columns.put("exit_code", message.exitCode());
        columns.put("returned", Rows.column(message.returned()));
        columns.put("error", message.error());
        columns.put("pushes", message.pushes());
        columns.put("now", clock.instant());
        sql.write("chain_message/write", columns);
        return message;
    }

    private static long nonce(StoredMessage message) {
        Long nonce = message.nonce();
        if (nonce == null) {
            throw new IllegalStateException("message " + message.intent().key() + " is live without a nonce");
        }
        return nonce;
    }

    private static StoredMessage refused(StoredMessage message, String verb) {
        throw new FatalException("message " + message.intent().key() + " is " + message.status() + ", it cannot "
                + verb);
    }

    private static FatalException missing(String key) {
        return new FatalException("there is no message for " + key);
    }

    static StoredMessage message(ResultSet row, int number) throws SQLException {
        var intent = new MessageIntent(row.getString("intent_key"), FilAddress.parse(row.getString("sender")),
                FilAddress.parse(row.getString("receiver")), row.getLong("method"), Rows.amount(row, "value_atto"),
                Bytes.wrap(row.getBytes("params")), row.getString("note"));
        return new StoredMessage(row.getLong("id"), intent, Status.valueOf(row.getString("status")),
                Rows.longOrNull(row, "nonce"), Rows.bytesOrNull(row, "signed"), Rows.cidOrNull(row, "cid"),
                Rows.cidOrNull(row, "landed_cid"), Rows.longOrNull(row, "landed_epoch"),
                Rows.longOrNull(row, "exit_code"), Rows.bytesOrNull(row, "returned"), row.getString("error"),
                row.getInt("pushes"), Rows.instant(row, "created_at"), Rows.instant(row, "updated_at"));
    }

    /** The next step of a message's way, as a changed copy. */
    private record Progress(StoredMessage message) {

        StoredMessage signed(long nonce, Signed signed) {
            return copy(Status.SIGNED, nonce, signed.bytes(), signed.cid(), null, null, null, null, null,
                    message.pushes());
        }

        StoredMessage pushed() {
            return copy(Status.PUSHED, message.nonce(), message.signed(), message.cid(), null, null, null, null, null,
                    message.pushes() + 1);
        }

        StoredMessage pushFailed(String error) {
            return copy(message.status(), message.nonce(), message.signed(), message.cid(), null, null, null, null,
                    error, message.pushes() + 1);
        }

        StoredMessage landed(Cid cid, long epoch, long exitCode, @Nullable Bytes returned) {
            return copy(Status.LANDED, message.nonce(), message.signed(), message.cid(), cid, epoch, exitCode,
                    returned, null, message.pushes());
        }

        StoredMessage unlanded() {
            return copy(Status.PUSHED, message.nonce(), message.signed(), message.cid(), null, null, null, null, null,
                    message.pushes());
        }

        StoredMessage failed(String error) {
            return copy(Status.FAILED, message.nonce(), message.signed(), message.cid(), null, null, null, null, error,
                    message.pushes());
        }

        private StoredMessage copy(Status status, @Nullable Long nonce, @Nullable Bytes signed, @Nullable Cid cid,
                @Nullable Cid landedCid, @Nullable Long landedEpoch, @Nullable Long exitCode, @Nullable Bytes returned,
                @Nullable String error, int pushes) {
            return new StoredMessage(message.id(), message.intent(), status, nonce, signed, cid, landedCid,
                    landedEpoch, exitCode, returned, error, pushes, message.createdAt(), message.updatedAt());
        }
    }
}
