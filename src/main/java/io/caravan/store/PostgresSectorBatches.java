package io.caravan.store;

import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link SectorBatches} on rows of {@code sector_batch} and {@code chain_message}. */
public final class PostgresSectorBatches implements SectorBatches {

    private final Sql sql;
    private final MessageStore messages;
    private final Clock clock;

    /** Ends the transaction of a batch that cannot be. */
    private static final class NotAsReadException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** @param messages on the same database as {@code sql} */
    public PostgresSectorBatches(Sql sql, MessageStore messages, Clock clock) {
        this.sql = sql;
        this.messages = messages;
        this.clock = clock;
    }

    @Override
    public Optional<String> messageOf(String memberKey) {
        return sql.one("sector_batch/find", Map.of("member_key", memberKey), (row, number) -> row.getString("message_key"));
    }

    @Override
    public List<String> messagesOf(SectorNumber number, String step) {
        return sql.list("sector_batch/of-sector", Map.of("number", number.value(), "step", "%/" + step + "/%"),
                (row, n) -> row.getString("message_key"));
    }

    @Override
    public List<Sector> ready(SectorState state, int limit) {
        return sql.list("sector/ready", Map.of("state", state.wireName(), "now", clock.instant(), "limit", limit), SectorRows::sector);
    }

    @Override
    public boolean write(MessageIntent intent, List<Member> members) {
        try {
            return sql.inTransaction(() -> {
                // In one order, so that two who want the same sectors do not wait for each other.
                members.stream().sorted(Comparator.comparing(member -> member.sector().number().value())).forEach(this::lock);
                messages.intend(intent);
                if (members.size() > 1) {
                    for (int place = 0; place < members.size(); place++) {
                        join(intent.key(), members.get(place), place);
                    }
                }
                return true;
            });
        } catch (NotAsReadException e) {
            return false;
        }
    }

    private void lock(Member member) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("number", member.sector().number().value());
        columns.put("version", member.sector().version());
        columns.put("lease", member.sector().turn().lease());
        if (sql.list("sector/lock-as-read", columns, (row, number) -> row.getLong("number")).isEmpty()) {
            throw new NotAsReadException();
        }
    }

    private void join(String message, Member member, int place) {
        Instant now = clock.instant();
        long number = member.sector().number().value();
        if (sql.write("sector_batch/join", Map.of("member_key", member.key(), "message_key", message, "number", number, "place", place)) == 0) {
            throw new NotAsReadException();
        }
        if (place > 0) {
            sql.write("sector/wake", Map.of("number", number, "now", now));
        }
    }
}
