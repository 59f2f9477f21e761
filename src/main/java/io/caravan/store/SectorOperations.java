package io.caravan.store;

import io.caravan.model.OperationRefusedException;
import io.caravan.model.OperationRefusedException.Reason;
import io.caravan.model.OperatorRules;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import io.caravan.store.SectorOperation.Verb;
import io.caravan.store.SectorOperation.Word;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operators do by hand to sectors that wait for them. A word is checked and obeyed under the row's lock, in one
 * transaction with its line in the audit; a refused word changes nothing and is written down too.
 */
public final class SectorOperations {

    private static final int MOST_LINES = 1000;

    private final Sql sql;
    private final SectorStore sectors;
    private final MessageStore messages;
    private final Clock clock;

    /** @param sectors as {@code messages} on the same database as {@code sql} */
    public SectorOperations(Sql sql, SectorStore sectors, MessageStore messages, Clock clock) {
        this.sql = sql;
        this.sectors = sectors;
        this.messages = messages;
        this.clock = clock;
    }

    /**
     * Obeys an operator.
     *
     * @return the sector as it is now
     * @throws OperationRefusedException with the coded reason; nothing has changed
     */
    public Sector obey(SectorNumber number, Word word) {
        try {
            OperatorRules.checkReason(word.reason());
            return sql.inTransaction(() -> {
                Sector before = locked(number);
                Sector after = obeyed(before, word);
                append(number, word, before.state(), after.state(), "done");
                return after;
            });
        } catch (OperationRefusedException refused) {
            SectorState state = sectors.find(number).map(Sector::state).orElse(null);
            boolean isBounded = refused.reason() != Reason.BAD_REASON;
            append(number, isBounded ? word : new Word(word.verb(), word.who(), null), state, null, refused.getMessage());
            throw refused;
        }
    }

    /** What operators did to a sector, oldest first. */
    public List<SectorOperation> list(SectorNumber number) {
        return sql.list("sector_operation/list", Map.of("sector_number", number.value(), "limit", MOST_LINES),
                SectorOperations::operation);
    }

    private Sector locked(SectorNumber number) {
        return sql.one("sector/lock", Map.of("number", number.value()), SectorRows::sector).orElseThrow(
                () -> new OperationRefusedException(Reason.NO_SUCH_SECTOR, "this miner has no sector " + number));
    }

    private Sector obeyed(Sector sector, Word word) {
        if (!sector.turn().parked()) {
            throw new OperationRefusedException(Reason.NOT_PARKED, "sector " + sector.number() + " is in " + sector.state()
                    + " and does not wait for an operator");
        }
        if (word.verb() == Verb.RETRY) {
            sectors.resume(sector.number());
        } else {
            requireNotProven(sector);
            String reason = "dropped by an operator" + (word.reason() == null ? "" : ": " + word.reason());
            sectors.signal(sector.number(), found -> found.withMessage(reason), SectorEvent.FAILED);
        }
        return sectors.find(sector.number()).orElseThrow();
    }

    /** A proof that landed, or that may land, makes deals active in this sector. */
    private void requireNotProven(Sector sector) {
        if (SectorFlow.SECTOR.step(sector.state(), SectorEvent.FAILED).isEmpty() || sector.state() == SectorState.PROVING) {
            throw new OperationRefusedException(Reason.MAY_BE_PROVEN, "sector " + sector.number() + " is proven on chain");
        }
        String prove = sector.prove().intent();
        boolean mayLand = prove != null && messages.find(prove).filter(message -> message.status().isLive()
                || message.exitCode() != null && message.exitCode() == 0).isPresent();
        if (mayLand) {
            throw new OperationRefusedException(Reason.MAY_BE_PROVEN, "the prove-commit message of sector " + sector.number()
                    + " may still land; look again when it has, or has failed for good");
        }
    }

    private void append(SectorNumber number, Word word, @Nullable SectorState from, @Nullable SectorState to, String outcome) {
        Map<String, @Nullable Object> columns = new HashMap<>();
        columns.put("sector_number", number.value());
        columns.put("at", clock.instant());
        columns.put("who", word.who());
        columns.put("verb", word.verb().text());
        columns.put("reason", word.reason());
        columns.put("from_state", from == null ? null : from.wireName());
        columns.put("to_state", to == null ? null : to.wireName());
        columns.put("outcome", outcome);
        sql.write("sector_operation/append", columns);
    }

    private static SectorOperation operation(ResultSet row, int number) throws SQLException {
        return new SectorOperation(Rows.instant(row, "at"), row.getString("who"), Verb.of(row.getString("verb")),
                row.getString("reason"), state(row, "from_state"), state(row, "to_state"), row.getString("outcome"));
    }

    private static @Nullable SectorState state(ResultSet row, String column) throws SQLException {
        String name = row.getString(column);
        return name == null ? null : SectorState.ofName(name);
    }
}
