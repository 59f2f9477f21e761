package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Deal;
import io.caravan.model.Role;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.node.net.Finding;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.WaitingDeals;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code Caravan.Alerts []}: what needs a person now, each with a sentence and what to do about it, the worst first. However many
 * pages ask, the node looks only every few seconds.
 */
public final class AlertsApi {

    private static final Logger LOG = LoggerFactory.getLogger(AlertsApi.class);
    private static final Duration FRESH = Duration.ofSeconds(3);
    private static final int MOST_STUCK = 200;
    /** Deals that are told one by one; the rest are counted. */
    private static final int TOLD = 20;

    /** By how the codes of findings begin. */
    private static final Map<String, String> PAGES = Map.of("NET", "#/peers", "FUNDS", "#/funds", "SEAL", "#/pipeline", "ROUTE", "#/routes",
            "SETTINGS", "#/routes");

    private final ApiJson json;
    private final Role role;
    private final WaitingDeals deals;
    private final Clock clock;
    private final List<Supplier<List<Alert>>> others = new CopyOnWriteArrayList<>();
    private @Nullable JsonNode last;
    private Instant freshUntil = Instant.MIN;

    /**
     * One thing that needs a person.
     *
     * @param id the same as long as it is the same thing
     * @param isBad whether deals fail because of it
     * @param fix what to do
     * @param since when it began; null where nobody knows
     * @param link a page of the dashboard, such as {@code #/funds}; null for none
     */
    public record Alert(String id, boolean isBad, String title, String sentence, @Nullable String fix, @Nullable Instant since,
            @Nullable String link) {}

    public AlertsApi(ApiJson json, Role role, WaitingDeals deals, Clock clock) {
        this.json = json;
        this.role = role;
        this.deals = deals;
        this.clock = clock;
    }

    /** Adds a place where alerts come from; it is asked every few seconds at most, and its failure is an alert too. */
    public void add(Supplier<List<Alert>> source) {
        others.add(source);
    }

    /** Adds health checks: what does not pass is an alert. */
    public void addFindings(Supplier<List<Finding>> findings) {
        add(() -> findings.get().stream().filter(AlertsApi::isWrong).map(AlertsApi::alert).toList());
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Alerts", RpcMethod.read(0, this::alerts));
    }

    private synchronized JsonNode alerts(Params params, CallContext context) {
        if (last == null || !clock.instant().isBefore(freshUntil)) {
            last = look();
            freshUntil = clock.instant().plus(FRESH);
        }
        return last;
    }

    private ObjectNode look() {
        List<Deal> stuck = deals.stuck(role, MOST_STUCK);
        List<Alert> all = new ArrayList<>();
        for (Supplier<List<Alert>> source : others) {
            try {
                all.addAll(source.get());
            } catch (RuntimeException e) {
                LOG.warn("a check could not be made for the alerts", e);
                all.add(new Alert("check", true, "A check could not be made", String.valueOf(e.getMessage()),
                        "See that chain and database answer; the log has more", null, null));
            }
        }
        stuck.stream().limit(TOLD).forEach(deal -> all.add(alert(deal)));
        if (stuck.size() > TOLD) {
            all.add(new Alert("more-deals", false, (stuck.size() == MOST_STUCK ? "More than " : "") + (stuck.size() - TOLD) + " other deals need you",
                    "They are in the list of deals that need you.", "Look for what they have in common: one cause often holds up many",
                    null, "#/deals?group=stuck"));
        }
        ObjectNode out = json.object().put("stuck", stuck.size());
        ArrayNode list = out.putArray("alerts");
        all.stream().sorted((one, other) -> Boolean.compare(other.isBad(), one.isBad())).forEach(alert -> list.addObject()
                .put("id", alert.id()).put("level", alert.isBad() ? "fail" : "warn").put("title", alert.title())
                .put("sentence", alert.sentence()).put("fix", alert.fix())
                .put("since", alert.since() == null ? null : alert.since().toString()).put("link", alert.link()));
        return out;
    }

    private static boolean isWrong(Finding finding) {
        return finding.level() == Finding.Level.WARN || finding.level() == Finding.Level.FAIL;
    }

    private static Alert alert(Finding finding) {
        String sentence = finding.sentence();
        String title = sentence.isEmpty() ? finding.check() : sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
        return new Alert(finding.code(), finding.level() == Finding.Level.FAIL, title,
                "The check \"" + finding.check() + "\" does not pass (" + finding.code() + ").", finding.fix(), null, page(finding.code()));
    }

    /** The page that has more about it; null where none has. */
    private static @Nullable String page(String code) {
        return PAGES.entrySet().stream().filter(page -> code.startsWith(page.getKey())).map(Map.Entry::getValue).findFirst().orElse(null);
    }

    private Alert alert(Deal deal) {
        Waiting waiting = deal.waiting();
        String name = deal.dealId() == null ? "A deal" : "Deal " + deal.dealId();
        String what = waiting.what() == null ? "" : "It waits for " + waiting.what() + ".";
        String error = waiting.lastError() == null ? "" : " The last try failed: " + waiting.lastError();
        String id = "deal-" + deal.proposalCid();
        String link = "#/deal/" + deal.proposalCid();
        Instant since = waiting.since() == null ? deal.enteredAt() : waiting.since();
        if (deal.turn().parked()) {
            return new Alert(id, true, name + " stopped on an error that nobody foresaw", "It was tried three times." + error,
                    "Mend what the error names, then press \"Try again now\" at the deal", since, link);
        }
        if (waiting.on() == WaitsOn.MONEY) {
            return new Alert(id, true, name + " waits for money", (what + error).strip(), "Add funds, or let other deals end", since, link);
        }
        if (waiting.on() == WaitsOn.OPERATOR) {
            return new Alert(id, false, name + " waits for a person", (what + error).strip(), "Do what it waits for", since, link);
        }
        if (deal.turn().isOverdue(clock.instant())) {
            return new Alert(id, false, name + " is late", (what + error).strip(), "Look at the deal; it gives up by itself if nothing comes", since, link);
        }
        return new Alert(id, false, name + " failed " + deal.turn().attempt() + " times in a row", (what + error).strip(),
                "It is tried again by itself; mend what the error names if it goes on", since, link);
    }
}
