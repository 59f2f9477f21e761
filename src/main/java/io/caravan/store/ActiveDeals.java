package io.caravan.store;

import io.caravan.model.Epoch;
import io.caravan.model.Role;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One side's active deals as a whole, so that none has to ask the chain for itself all the time: which have come to
 * their end, and which the chain said something about ({@code deal_notice}). A deal that is woken is looked at by its own
 * route; nothing here decides about one.
 */
public final class ActiveDeals {

    private static final String SCANNED = "active-deals.scanned";

    private final Sql sql;
    private final SettingStore settings;
    private final Role role;
    private final Clock clock;

    public ActiveDeals(Sql sql, Role role, Clock clock) {
        this.sql = sql;
        this.settings = new SettingStore(sql, clock);
        this.role = role;
        this.clock = clock;
    }

    /** Whether there is any. */
    public boolean any() {
        return sql.one("deal/any-active", Map.of("role", role.text()), (row, number) -> row.getBoolean("found"))
                .orElse(false);
    }

    /** Wakes those whose end epoch is not after the head; how many. */
    public int wakeEnded(Epoch head) {
        return sql.write("deal/wake-ended", Map.of("role", role.text(), "head", head.value(), "now", clock.instant()));
    }

    /** Wakes those with a notice; how many. */
    public int wakeNoticed() {
        return sql.write("deal/wake-noticed", Map.of("role", role.text(), "now", clock.instant()));
    }

    /** Wakes all; how many. */
    public int wakeAll() {
        return sql.write("deal/wake-active", Map.of("role", role.text(), "now", clock.instant()));
    }

    /** Up to which epoch the chain's announcements are read; empty before the first time. */
    public OptionalLong scanned() {
        return settings.find(SCANNED).stream().mapToLong(Long::parseLong).findFirst();
    }

    /**
     * All that the chain announced as terminated in these epochs, by deal id: notes those of ours, forgets what it does
     * not repeat, and remembers that the epochs up to {@code to} are read, in one transaction.
     */
    public void announced(Epoch from, Epoch to, Map<Long, Epoch> terminated) {
        Instant now = clock.instant();
        sql.inTransaction(() -> {
            sql.write("deal_notice/retract", Map.of("from", from.value(), "to", to.value(), "deal_ids",
                    terminated.keySet().toArray(Long[]::new)));
            terminated.forEach((dealId, epoch) -> sql.write("deal_notice/terminated", Map.of("role", role.text(),
                    "deal_id", dealId, "epoch", epoch.value(), "now", now)));
            scanned(to);
            return to;
        });
    }

    /** The epochs up to here need not be read. */
    public void scanned(Epoch to) {
        settings.put(SCANNED, Long.toString(to.value()));
    }

    /** The epoch in which the chain terminated the deal, as it announced. */
    public Optional<Epoch> terminated(long dealId) {
        return sql.one("deal_notice/find", Map.of("deal_id", dealId, "kind", "terminated"),
                (row, number) -> Epoch.of(row.getLong("epoch")));
    }

    /** The first head at which the deal was not active on chain: this one, unless an earlier one is remembered. */
    public Epoch missingSince(long dealId, Epoch head) {
        sql.write("deal_notice/missing", Map.of("deal_id", dealId, "epoch", head.value(), "now", clock.instant()));
        return sql.one("deal_notice/find", Map.of("deal_id", dealId, "kind", "missing"),
                (row, number) -> Epoch.of(row.getLong("epoch"))).orElse(head);
    }

    /** The deal is on chain as it should be, or has ended. */
    public void forget(long dealId) {
        sql.write("deal_notice/forget", Map.of("deal_id", dealId));
    }
}
