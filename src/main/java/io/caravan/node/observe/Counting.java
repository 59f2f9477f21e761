package io.caravan.node.observe;

import io.caravan.camel.PhaseRun;
import io.caravan.camel.PhaseRun.Outcome;
import io.caravan.camel.PhaseWatch;
import io.caravan.chain.FeeRules;
import io.caravan.chain.Message;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.MessageWatch;
import io.caravan.chain.SignedMessage;
import io.caravan.market.Transfer;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.Role;
import io.caravan.model.Sector;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.CallWatch;
import io.caravan.store.StoredMessage;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the packages below tell into counts. */
public final class Counting implements PhaseWatch, CallWatch, MessageWatch {

    /** Transfers whose last count is remembered. */
    private static final int MOST_TRANSFERS = 4096;
    /** The code that a reason begins with, such as {@code V14 price-below-ask}. */
    private static final Pattern CODE = Pattern.compile("([A-Z]{1,6}\\d{1,3} [a-z][a-z0-9-]{0,40})(?:[: ].*)?", Pattern.DOTALL);
    private static final String UNCODED = "other";

    private static final Pattern KIND = Pattern.compile("([a-z][a-z-]{0,15})/.*", Pattern.DOTALL);
    private static final Logger LOG = LoggerFactory.getLogger(Counting.class);

    private final Tally tally;
    private final ToIntFunction<String> dealsOf;
    private final Map<Object, Long> moved = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Long> eldest) {
            return size() > MOST_TRANSFERS;
        }
    });

    /** @param dealsOf how many deals are in the publish message with that key */
    public Counting(Tally tally, ToIntFunction<String> dealsOf) {
        this.tally = tally;
        this.dealsOf = dealsOf;
    }

    /** A deal moved; to be told by the store, after the commit. */
    public void moved(DealMove move) {
        String role = move.role().text();
        if (move.from() == move.to()) {
            return;
        }
        tally.count(Metric.DEAL_MOVES, role, move.event().wireName(), move.from().wireName(), move.to().wireName());
        if (move.since() != null) {
            tally.observe(Metric.DEAL_STATE_SECONDS, seconds(Duration.between(move.since(), move.at())), role, move.from().wireName());
        }
        if (isRejection(move.event())) {
            tally.count(Metric.DEAL_REJECTS, role, code(move.note()));
        }
    }

    private static boolean isRejection(DealEvent event) {
        return event == DealEvent.DEAL_REJECTED;
    }

    /** The code that a reason begins with; {@code other} for one that has none, for peers write reasons too. */
    static String code(@Nullable String reason) {
        Matcher matcher = CODE.matcher(reason == null ? "" : reason);
        return matcher.matches() ? matcher.group(1) : UNCODED;
    }

    @Override
    public void ended(PhaseRun run) {
        boolean isDeal = run.row() instanceof Deal;
        String kind = isDeal ? "deal" : "sector";
        tally.count(Metric.PHASE_RUNS, kind, run.state(), run.outcome().name().toLowerCase(Locale.ROOT));
        if (run.outcome() != Outcome.WAITS && run.outcome() != Outcome.LOST) {
            tally.observe(Metric.PHASE_SECONDS, seconds(Duration.between(run.began(), run.ended())), kind, run.state());
        }
        if (run.row() instanceof Sector sector && !run.to().equals(run.state())) {
            tally.observe(Metric.SECTOR_STATE_SECONDS, seconds(Duration.between(sector.enteredAt(), run.ended())), run.state());
        }
    }

    @Override
    public void answered(String method, long nanos, boolean isError) {
        tally.count(Metric.RPC_CALLS, method, isError ? "error" : "ok");
        tally.observe(Metric.RPC_SECONDS, nanos / 1e9, method);
    }

    /** A message landed; what one cost is reckoned by the base fee given, for the receipt does not say. */
    @Override
    public void landed(StoredMessage message, MessageReceipt receipt, TokenAmount baseFee) {
        String key = message.intent().key();
        Matcher prefix = KIND.matcher(key);
        String kind = prefix.matches() ? prefix.group(1) : UNCODED;
        tally.count(Metric.MESSAGES_LANDED, kind, receipt.exitCode() == 0 ? "ok" : "failed");
        tally.add(Metric.MESSAGE_GAS, Math.max(0, receipt.gasUsed()), kind);
        try {
            if (message.signed() != null) {
                Message signed = SignedMessage.ofCbor(message.signed().toArray()).message();
                TokenAmount price = baseFee.plus(signed.gasPremium());
                TokenAmount paid = price.compareTo(signed.gasFeeCap()) < 0 ? price : signed.gasFeeCap();
                tally.add(Metric.MESSAGE_FEES, fil(paid.times(Math.max(0, receipt.gasUsed()))), kind);
            }
            if (key.startsWith(FeeRules.PUBLISH)) {
                tally.observe(Metric.PUBLISH_BATCH, dealsOf.applyAsInt(key));
            }
        } catch (RuntimeException e) {
            LOG.warn("message {} landed, but what it cost is not counted", key, e);
        }
    }

    /** For people and plots: a double is exact enough. */
    static double fil(TokenAmount amount) {
        return new BigDecimal(amount.atto()).movePointLeft(18).doubleValue();
    }

    /** A transfer was saved; to be told by the journal. */
    public void saved(Transfer transfer) {
        Object key = transfer.role() + " " + transfer.channel();
        Long before = transfer.status().isEnd() ? moved.remove(key) : moved.put(key, transfer.bytes());
        // What came in an earlier life of this process was counted then; the first save of a channel only sets the mark.
        long fresh = before == null ? 0 : transfer.bytes() - before;
        if (fresh > 0) {
            tally.add(Metric.TRANSFER_BYTES, fresh, transfer.role() == Role.CLIENT ? "out" : "in");
        }
        if (transfer.status().isEnd()) {
            tally.count(Metric.TRANSFER_ENDS, transfer.status().name().toLowerCase(Locale.ROOT));
        }
    }

    private static double seconds(Duration duration) {
        return Math.max(0, duration.toNanos() / 1e9);
    }
}
