package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.OperationRefusedException;
import io.caravan.model.OperationRefusedException.Reason;
import io.caravan.model.OperatorRules;
import io.caravan.model.OperatorVerb;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.model.Turn;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.Operation.Word;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What operators do to deals by hand. A word is checked by {@link OperatorRules} and obeyed under the row's lock, in one
 * transaction with its line in the audit; a running phase loses the deal by it. A refused word changes nothing and is
 * written down too.
 */
public final class DealOperations {

    private static final Duration PHASE_RETURNS = Duration.ofSeconds(10);
    private static final int MOST_LOOKS = 100;
    private static final int MOST_LINES = 1000;

    private record Done(Deal deal, List<DealMove> moves) {}

    private final Sql sql;
    private final PostgresDealStore deals;
    private final FundStore funds;
    private final PublishQueue queue;
    private final Clock clock;
    private final Duration patience;

    /** @param deals as {@code funds} and {@code queue} on the same database as {@code sql} */
    public DealOperations(Sql sql, PostgresDealStore deals, FundStore funds, PublishQueue queue, Clock clock) {
        this(sql, deals, funds, queue, clock, PHASE_RETURNS);
    }

    /** @param patience how long a word waits for a phase that must not be broken off */
    DealOperations(Sql sql, PostgresDealStore deals, FundStore funds, PublishQueue queue, Clock clock, Duration patience) {
        this.sql = sql;
        this.deals = deals;
        this.funds = funds;
        this.queue = queue;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * Obeys an operator.
     *
     * @return the deal as it is now
     * @throws OperationRefusedException with the coded reason; nothing has changed
     */
    public Deal obey(Cid proposalCid, Role role, Word word) {
        try {
            OperatorRules.checkReason(word.reason());
            Done done = obeyed(proposalCid, role, word);
            deals.tell(done.moves());
            return done.deal();
        } catch (OperationRefusedException refused) {
            DealState state = deals.find(proposalCid, role).map(Deal::state).orElse(null);
            boolean bounded = refused.reason() != Reason.BAD_REASON;
            append(proposalCid, role, bounded ? word : new Word(word.verb(), word.who(), word.target(), null), state, null,
                    refused.getMessage());
            throw refused;
        }
    }

    /** What operators did to a deal, oldest first. */
    public List<Operation> list(Cid proposalCid, Role role) {
        Map<String, @Nullable Object> key = DealRows.key(proposalCid, role);
        key.put("limit", MOST_LINES);
        return sql.list("deal_operation/list", key, DealOperations::operation);
    }

    /** Whether the word takes the deal out of its state; else a phase that is broken off begins again, as after a kill. */
    private static boolean leaves(Word word) {
        return word.verb() != OperatorVerb.RETRY && word.verb() != OperatorVerb.RELEASE_FUNDS;
    }

    /** A phase that sends money or a message is let finish: it takes moments, and half of it must not stay. */
    private Done obeyed(Cid proposalCid, Role role, Word word) {
        boolean isOver = false;
        for (int look = 0; ; look++) {
            try {
                return sql.inTransaction(() -> obeyLocked(locked(proposalCid, role), word));
            } catch (OperationRefusedException refused) {
                if (refused.reason() != Reason.BUSY || isOver || look >= MOST_LOOKS) {
                    throw refused;
                }
            }
            isOver = deals.await(proposalCid, role, now -> !isLeased(now), patience).isEmpty();
        }
    }

    private boolean isLeased(Deal deal) {
        Map<String, @Nullable Object> key = DealRows.key(deal.proposalCid(), deal.role());
        key.put("now", clock.instant());
        return sql.one("deal/leased", key, (row, number) -> row.getInt("held")).isPresent();
    }

    private Deal locked(Cid proposalCid, Role role) {
        return sql.one("deal/lock", DealRows.key(proposalCid, role), DealRows::deal).orElseThrow(
                () -> new OperationRefusedException(Reason.NO_SUCH_DEAL, "no deal of the " + role.text()
                        + " here has the proposal CID " + proposalCid));
    }

    private Done obeyLocked(Deal deal, Word word) {
        if (leaves(word) && OperatorRules.mustReturn(deal.state()) && isLeased(deal)) {
            throw new OperationRefusedException(Reason.BUSY, "the deal is in " + deal.state().shortName()
                    + " and its phase runs just now; say it again in a moment");
        }
        boolean inMessage = deal.state() == DealState.PUBLISH && leaves(word) && !queue.leave(deal.proposalCid());
        OperatorRules.check(deal, word.verb(), word.target(), inMessage);
        Instant now = clock.instant();
        DealMoves.Moved moved = switch (word.verb()) {
            case RETRY -> retried(deal, now);
            case CANCEL, FAIL -> ended(deal, word, now);
            case REWIND -> deals.moves().rewound(deal, Objects.requireNonNull(word.target()), note(word), now);
            case RELEASE_FUNDS -> still(deal.withFundsReserved(TokenAmount.ZERO), Turns.taken(deal.turn()), now);
        };
        String outcome = word.verb() == OperatorVerb.RELEASE_FUNDS ? "done, released " + released(deal) : "done";
        deals.writeLocked(deal, moved.deal(), moved.moves(), now);
        append(deal.proposalCid(), deal.role(), word, deal.state(), moved.deal().state(), outcome);
        return new Done(moved.deal(), moved.moves());
    }

    /** Also what stands in the publish queue is tried at once, whatever it waited for there. */
    private DealMoves.Moved retried(Deal deal, Instant now) {
        if (deal.state() == DealState.PUBLISH) {
            queue.retry(deal.proposalCid());
        }
        return still(deal.withWaiting(deal.waiting().forgotten()),
                Turns.resumed(deal.turn(), deals.moves().limit(deal), now), now);
    }

    private DealMoves.Moved still(Deal deal, Turn turn, Instant now) {
        return new DealMoves.Moved(deals.moves().written(deal, turn, deal.waiting(), now), List.of());
    }

    private DealMoves.Moved ended(Deal deal, Word word, Instant now) {
        DealEvent event = OperatorRules.ending(deal, word.verb());
        boolean transfer = event == DealEvent.DATA_TRANSFER_CANCELLED;
        String message = transfer ? OperatorRules.CANCELLED : note(word);
        return deals.moves().signalledBecause(deal.withMessage(message), note(word), List.of(event), now);
    }

    /** E.g. {@code cancelled by an operator: the client asked for it}. */
    private static String note(Word word) {
        String did = switch (word.verb()) {
            case CANCEL -> "cancelled";
            case FAIL -> "failed";
            case REWIND -> "rewound";
            default -> word.verb().text();
        };
        return did + " by an operator" + (word.reason() == null ? "" : ": " + word.reason());
    }

    private String released(Deal deal) {
        Purpose purpose = deal.role() == Role.CLIENT ? Purpose.CLIENT_PAYMENT : Purpose.PROVIDER_COLLATERAL;
        TokenAmount amount = funds.release(deal.proposalCid(), purpose);
        if (amount.isZero() && deal.funds().reserved().isZero()) {
            throw new OperationRefusedException(Reason.NOTHING_HELD, "the deal holds no funds");
        }
        return amount.toString();
    }

    private void append(Cid proposalCid, Role role, Word word, @Nullable DealState from, @Nullable DealState to,
            String outcome) {
        var columns = new LinkedHashMap<>(DealRows.key(proposalCid, role));
        columns.put("at", clock.instant());
        columns.put("who", word.who());
        columns.put("verb", word.verb().text());
        columns.put("target", word.target() == null ? null : word.target().code());
        columns.put("reason", word.reason());
        columns.put("from_state", from == null ? null : from.code());
        columns.put("to_state", to == null ? null : to.code());
        columns.put("outcome", outcome);
        sql.write("deal_operation/append", columns);
    }

    private static Operation operation(ResultSet row, int number) throws SQLException {
        return new Operation(Rows.instant(row, "at"), row.getString("who"), OperatorVerb.of(row.getString("verb")),
                state(row, "target"), row.getString("reason"), state(row, "from_state"), state(row, "to_state"),
                row.getString("outcome"));
    }

    private static @Nullable DealState state(ResultSet row, String column) throws SQLException {
        Long code = Rows.longOrNull(row, column);
        return code == null ? null : DealState.ofCode(code);
    }
}
