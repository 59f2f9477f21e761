package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Deals that wait to be published, and the message that each went into. A deal is in one message at a time, and leaves
 * it only when that message can never publish it; which messages it has been in stays known.
 */
public final class PublishQueue {

    private final Sql sql;
    private final MessageStore messages;
    private final Clock clock;

    /** @param messages on the same database: a batch and its message are stored together */
    public PublishQueue(Sql sql, MessageStore messages, Clock clock) {
        this.sql = sql;
        this.messages = messages;
        this.clock = clock;
    }

    /** Puts the deal at its place and returns it; a deal that has one keeps it. */
    public QueuedDeal enter(Cid proposalCid, FilAddress provider, Epoch start) {
        sql.write("publish_queue/enter", Map.of("proposal_cid", proposalCid.toString(), "provider", provider.toString(),
                "start_epoch", start.value(), "now", clock.instant()));
        return find(proposalCid).orElseThrow();
    }

    public Optional<QueuedDeal> find(Cid proposalCid) {
        return sql.one("publish_queue/find", Map.of("proposal_cid", proposalCid.toString()), PublishQueue::place);
    }

    /**
     * The provider's deals that may go into a message now, those that start first first.
     *
     * @param earliestStart deals that start before this epoch are left out
     */
    public List<QueuedDeal> waiting(FilAddress provider, Epoch earliestStart, int limit) {
        return sql.list("publish_queue/waiting", Map.of("provider", provider.toString(), "now", clock.instant(),
                "earliest_start", earliestStart.value(), "limit", limit), PublishQueue::place);
    }

    /** The provider's deals that are in no message, also those that wait for another try. */
    public List<QueuedDeal> pending(FilAddress provider, int limit) {
        return sql.list("publish_queue/pending", Map.of("provider", provider.toString(), "limit", limit),
                PublishQueue::place);
    }

    /** The deals of a message, in the order of its parameters. */
    public List<QueuedDeal> inMessage(String messageKey) {
        return sql.list("publish_queue/in-message", Map.of("message_key", messageKey), PublishQueue::place);
    }

    /**
     * Closes a batch: stores its message's intent and puts the deals into it, in one transaction.
     *
     * @return false, with nothing changed, when one of the deals is no longer as it was read
     */
    public boolean close(List<QueuedDeal> batch, MessageIntent intent) {
        return sql.inTransaction(() -> {
            lock(batch.get(0).provider());
            if (!batch.stream().allMatch(deal -> find(deal.proposalCid()).filter(now ->
                    now.isWaiting() && now.round() == deal.round()).isPresent())) {
                return false;
            }
            String key = messages.intend(intent).intent().key();
            for (QueuedDeal deal : batch) {
                String cid = deal.proposalCid().toString();
                sql.write("publish_queue/assign", Map.of("proposal_cid", cid, "message_key", key,
                        "round", deal.round()));
                sql.write("publish_attempt/insert", Map.of("proposal_cid", cid, "round", deal.round(),
                        "message_key", key, "now", clock.instant()));
            }
            return true;
        });
    }

    /**
     * Gives the deals of a message that will not publish them back to those that wait; they need not wait a period
     * again. A message without signature is called off, one with a signature is the caller's to judge. Idempotent.
     *
     * @param reason why, for the people who read the deals
     * @param most how many deals their next message may have; null for no limit but the configured one
     * @return how many deals went back
     */
    public int reopen(String messageKey, String reason, @Nullable Integer most) {
        List<QueuedDeal> deals = inMessage(messageKey);
        if (deals.isEmpty()) {
            return 0;
        }
        return sql.inTransaction(() -> {
            lock(deals.get(0).provider());
            messages.callOff(messageKey, reason);
            int back = 0;
            for (QueuedDeal deal : inMessage(messageKey)) {
                var columns = new HashMap<String, @Nullable Object>();
                columns.put("proposal_cid", deal.proposalCid().toString());
                columns.put("message_key", messageKey);
                columns.put("problem", reason);
                columns.put("most", most);
                back += sql.write("publish_queue/return", columns);
                sql.write("publish_attempt/close", Map.of("proposal_cid", deal.proposalCid().toString(),
                        "message_key", messageKey, "outcome", reason));
            }
            return back;
        });
    }

    /**
     * Notes that a message which somebody found on its way, or in the chain, publishes the deal, so that no other one does.
     * Idempotent.
     *
     * @return false when the deal is in another message that was signed, or refused
     */
    public boolean adopt(Cid proposalCid, FilAddress provider, Epoch start, String messageKey) {
        enter(proposalCid, provider, start);
        return sql.inTransaction(() -> {
            lock(provider);
            String key = find(proposalCid).map(QueuedDeal::messageKey).orElse(null);
            if (messageKey.equals(key)) {
                return true;
            }
            if (key != null && messages.callOff(key, "another message publishes deal " + proposalCid)) {
                reopen(key, "another message published a deal of its batch", null);
            }
            QueuedDeal place = find(proposalCid).orElseThrow();
            if (!place.isWaiting()) {
                return false;
            }
            sql.write("publish_queue/assign", Map.of("proposal_cid", proposalCid.toString(), "message_key", messageKey, "round", place.round()));
            sql.write("publish_attempt/insert", Map.of("proposal_cid", proposalCid.toString(), "round", place.round(),
                    "message_key", messageKey, "now", clock.instant()));
            return true;
        });
    }

    /** Notes why a waiting deal cannot be published now, and when to try again. */
    public void defer(QueuedDeal deal, String problem, int tries, Instant notBefore) {
        sql.write("publish_queue/defer", Map.of("proposal_cid", deal.proposalCid().toString(), "round", deal.round(),
                "problem", problem, "tries", tries, "not_before", notBefore));
    }

    /** Notes why a waiting deal is not published at all; its own phase ends it. */
    public void refuse(QueuedDeal deal, String problem) {
        sql.write("publish_queue/refuse", Map.of("proposal_cid", deal.proposalCid().toString(), "round", deal.round(),
                "problem", problem));
    }

    /**
     * Takes the deal out for good. From a message without signature it takes the other deals back among those that
     * wait; in a signed one it stays, because the chain may take it.
     *
     * @return whether the deal is in no message any more
     */
    public boolean leave(Cid proposalCid) {
        Optional<QueuedDeal> place = find(proposalCid);
        if (place.isEmpty()) {
            return true;
        }
        return sql.inTransaction(() -> {
            lock(place.get().provider());
            String key = find(proposalCid).map(QueuedDeal::messageKey).orElse(null);
            if (key != null && messages.callOff(key, "deal " + proposalCid + " is not to be published")) {
                reopen(key, "another deal left its message before it was sent", null);
            }
            sql.write("publish_queue/leave", Map.of("proposal_cid", proposalCid.toString()));
            return find(proposalCid).isEmpty();
        });
    }

    /** Lets the provider's waiting deals go into a message at once; how many there are. */
    public int hurry(FilAddress provider) {
        return sql.write("publish_queue/hurry", Map.of("provider", provider.toString()));
    }

    /** Lets one deal be tried again at once; false when it is in a message or not in the queue. */
    public boolean retry(Cid proposalCid) {
        return sql.write("publish_queue/retry", Map.of("proposal_cid", proposalCid.toString())) > 0;
    }

    /** The messages the deal has been in, the newest first. */
    public List<String> attempts(Cid proposalCid) {
        return sql.list("publish_attempt/list", Map.of("proposal_cid", proposalCid.toString()),
                (row, number) -> row.getString("message_key"));
    }

    /** Admits one worker a provider, until the transaction ends. */
    private void lock(FilAddress provider) {
        sql.list("publish_queue/lock", Map.of("provider", provider.toString()), (row, number) -> row.getInt("held"));
    }

    private static QueuedDeal place(ResultSet row, int number) throws SQLException {
        return new QueuedDeal(Rows.cid(row, "proposal_cid"), FilAddress.parse(row.getString("provider")),
                Epoch.of(row.getLong("start_epoch")), Rows.instant(row, "queued_at"), row.getString("message_key"),
                row.getInt("round"), row.getBoolean("urgent"), row.getInt("tries"), Rows.instantOrNull(row, "not_before"),
                row.getString("problem"), row.getBoolean("refused"), row.getObject("most", Integer.class));
    }
}
