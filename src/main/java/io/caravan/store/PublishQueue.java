package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Deals that wait to be published, and the message that each went into; a deal goes into one and no other. */
public final class PublishQueue {

    private final Sql sql;
    private final MessageStore messages;
    private final Clock clock;

    /**
     * When a batch is closed.
     *
     * @param period since its first deal came; zero closes it at once
     * @param max or when it has this many deals
     * @param earliestStart deals that start before this epoch are not taken into a batch
     */
    public record Closing(Duration period, int max, Epoch earliestStart) {}

    private record Place(Cid proposalCid, Instant queuedAt, @Nullable String messageKey) {}

    public PublishQueue(Sql sql, MessageStore messages, Clock clock) {
        this.sql = sql;
        this.messages = messages;
        this.clock = clock;
    }

    /**
     * Puts the deal into the queue, closes its provider's batch if it is time to, and returns the key of the deal's
     * message; empty while the deal waits. Idempotent. Closing a batch and storing its intent is one transaction.
     *
     * @param message makes the intent from a batch's proposal CIDs, those that start first first; it runs inside the
     *     transaction
     */
    public Optional<String> enter(Cid proposalCid, FilAddress provider, Epoch start, Closing closing,
            Function<List<Cid>, MessageIntent> message) {
        sql.write("publish_queue/enter", Map.of("proposal_cid", proposalCid.toString(), "provider", provider.toString(),
                "start_epoch", start.value(), "now", clock.instant()));
        return key(proposalCid).or(() -> sql.inTransaction(() -> {
            sql.list("publish_queue/lock", Map.of("provider", provider.toString()),
                    (row, number) -> row.getInt("held"));
            close(provider, closing, message);
            return key(proposalCid);
        }));
    }

    /** Takes the deal out unless it is in a message. Idempotent. */
    public void leave(Cid proposalCid) {
        sql.write("publish_queue/leave", Map.of("proposal_cid", proposalCid.toString()));
    }

    private void close(FilAddress provider, Closing closing, Function<List<Cid>, MessageIntent> message) {
        List<Place> batch = sql.list("publish_queue/waiting", Map.of("provider", provider.toString(),
                "earliest_start", closing.earliestStart().value(), "limit", closing.max()), PublishQueue::place);
        Instant due = clock.instant().minus(closing.period());
        if (batch.size() < closing.max() && batch.stream().noneMatch(place -> !place.queuedAt().isAfter(due))) {
            return;
        }
        String key = messages.intend(message.apply(batch.stream().map(Place::proposalCid).toList())).intent().key();
        batch.forEach(place -> sql.write("publish_queue/assign",
                Map.of("proposal_cid", place.proposalCid().toString(), "message_key", key)));
    }

    private Optional<String> key(Cid proposalCid) {
        return sql.one("publish_queue/find", Map.of("proposal_cid", proposalCid.toString()), PublishQueue::place)
                .map(Place::messageKey);
    }

    private static Place place(ResultSet row, int number) throws SQLException {
        return new Place(Rows.cid(row, "proposal_cid"), Rows.instant(row, "queued_at"), row.getString("message_key"));
    }
}
