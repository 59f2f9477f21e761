package io.caravan.node.observe.trace;

import io.caravan.camel.PhaseRun;
import io.caravan.camel.PhaseRun.Outcome;
import io.caravan.camel.PhaseWatch;
import io.caravan.chain.FeeRules;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.MessageWatch;
import io.caravan.codec.Cid;
import io.caravan.market.Transfer;
import io.caravan.model.Deal;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.DealTrace;
import io.caravan.model.Role;
import io.caravan.model.Sector;
import io.caravan.model.TokenAmount;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.StoredMessage;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes the spans of deals: one for each stay in a state, below it one for each run of the state's route that did something, beside
 * them transfers, publish messages and the steps of sealing. All ids follow from the deal, so what a restart forgets still
 * fits together.
 */
public final class DealSpans implements PhaseWatch, MessageWatch {

    private final Consumer<Span> spans;
    private final Waits waits = new Waits();
    private final Function<String, List<Party>> dealsOfMessage;
    private final Function<Sector, List<Cid>> dealsOfSector;
    private final Clock clock;

    /** A deal as one side has it. */
    public record Party(Cid deal, Role role) {}

    /**
     * @param dealsOfMessage the deals for which a message was sent, by its key; none for one that is no deal's
     * @param dealsOfSector the deals whose pieces are in a sector
     */
    public DealSpans(Consumer<Span> spans, Function<String, List<Party>> dealsOfMessage, Function<Sector, List<Cid>> dealsOfSector, Clock clock) {
        this.spans = spans;
        this.dealsOfMessage = dealsOfMessage;
        this.dealsOfSector = dealsOfSector;
        this.clock = clock;
    }

    /** A deal moved; to be told by the store, after the commit. */
    public void moved(DealMove move) {
        if (move.since() == null || move.from() == move.to()) {
            return;
        }
        Cid deal = move.proposalCid();
        if (move.from() == DealState.UNKNOWN) {
            opened(deal, move.role(), move.since(), move.at());
            return;
        }
        Map<String, String> about = about(deal, move.role());
        about.put("caravan.event", move.event().wireName());
        about.put("caravan.to", move.to().wireName());
        put(about, "caravan.reason", move.note());
        String id = stay(deal, move.role(), move.from().wireName(), move.since());
        boolean isBad = move.note() != null && (move.to() == DealState.FAILING || move.to() == DealState.ERROR || move.to() == DealState.REJECTING);
        spans.accept(new Span(DealTrace.id(deal), id, top(deal, move.role()), move.from().wireName(), move.since(), move.at(), about,
                waits.taken(id), List.of(), isBad ? move.note() : null));
    }

    /** The top of the trace is the client's; the provider's part hangs below it. */
    private void opened(Cid deal, Role role, Instant since, Instant at) {
        spans.accept(new Span(DealTrace.id(deal), top(deal, role), role == Role.CLIENT ? null : DealTrace.root(deal),
                "deal of the " + role.text(), since, at, about(deal, role), List.of(), List.of(), null));
    }

    @Override
    public void ended(PhaseRun run) {
        if (run.row() instanceof Deal deal) {
            run(run, deal);
        } else if (run.row() instanceof Sector sector) {
            run(run, sector);
        }
    }

    private void run(PhaseRun run, Deal deal) {
        Cid cid = deal.proposalCid();
        String stay = stay(cid, deal.role(), run.state(), deal.enteredAt());
        if (run.outcome() == Outcome.WAITS) {
            waits.add(stay, new Span.Event("waits", run.ended(), run.detail()));
        } else if (run.outcome() != Outcome.LOST) {
            spans.accept(new Span(DealTrace.id(cid), DealTrace.span(stay + "/" + run.began()), stay, "run " + run.state(), run.began(), run.ended(),
                    outcome(run, about(cid, deal.role()), deal.turn().attempt()), List.of(), List.of(), failure(run)));
        }
    }

    private void run(PhaseRun run, Sector sector) {
        if (run.outcome() == Outcome.WAITS || run.outcome() == Outcome.LOST) {
            return;
        }
        String name = "sector/" + sector.miner() + "/" + sector.number();
        String trace = DealTrace.id(name);
        List<Cid> deals = dealsOfSector.apply(sector);
        Map<String, String> about = outcome(run, new HashMap<>(Map.of("caravan.sector", sector.number().toString())), sector.turn().attempt());
        String id = DealTrace.span(name + "/" + run.state() + "/" + run.began());
        List<Span.Link> links = deals.stream().map(deal -> new Span.Link(DealTrace.id(deal), DealTrace.root(deal))).toList();
        spans.accept(new Span(trace, id, null, "seal " + run.state(), run.began(), run.ended(), about, List.of(), links, failure(run)));
        deals.forEach(deal -> spans.accept(new Span(DealTrace.id(deal), DealTrace.span(id + "/" + deal), top(deal, Role.PROVIDER),
                "seal " + run.state(), run.began(), run.ended(), about, List.of(), List.of(new Span.Link(trace, id)), failure(run))));
    }

    /** A transfer was saved; to be told by the journal. */
    public void saved(Transfer transfer) {
        if (!transfer.status().isEnd()) {
            return;
        }
        Cid deal = transfer.proposalCid();
        Map<String, String> about = about(deal, transfer.role());
        about.put("caravan.transfer.status", transfer.status().name().toLowerCase(Locale.ROOT));
        about.put("caravan.transfer.bytes", Long.toString(transfer.bytes()));
        about.put("caravan.transfer.restarts", Integer.toString(transfer.restarts()));
        spans.accept(new Span(DealTrace.id(deal), DealTrace.span("transfer/" + transfer.role() + "/" + transfer.channel()), top(deal, transfer.role()),
                "transfer", transfer.pace().startedAt(), transfer.updatedAt(), about, List.of(), List.of(), transfer.error()));
    }

    @Override
    public void landed(StoredMessage message, MessageReceipt receipt, TokenAmount baseFee) {
        String key = message.intent().key();
        for (Party of : dealsOfMessage.apply(key)) {
            Map<String, String> about = about(of.deal(), of.role());
            about.put("caravan.message.key", Span.shortened(key));
            put(about, "caravan.message", message.cid() == null ? null : message.cid().toString());
            about.put("caravan.message.value", message.intent().value().toString());
            about.put("caravan.message.gas", Long.toString(receipt.gasUsed()));
            about.put("caravan.message.exit", Long.toString(receipt.exitCode()));
            about.put("caravan.message.pushes", Integer.toString(message.pushes()));
            spans.accept(new Span(DealTrace.id(of.deal()), DealTrace.span("message/" + key + "/" + of.deal() + "/" + of.role()),
                    top(of.deal(), of.role()), name(key), message.createdAt(), clock.instant(), about, List.of(), List.of(),
                    receipt.exitCode() == 0 ? null : "exit code " + receipt.exitCode()));
        }
    }

    /** By what its key begins with. */
    private static String name(String key) {
        if (key.startsWith(FeeRules.PUBLISH)) {
            return "publish message";
        }
        return key.startsWith(PostgresFundStore.TOP_UP) ? "funding message" : "settlement message";
    }

    private static Map<String, String> outcome(PhaseRun run, Map<String, String> about, int attempt) {
        about.put("caravan.state", run.state());
        about.put("caravan.to", run.to());
        about.put("caravan.outcome", run.outcome().name().toLowerCase(Locale.ROOT));
        about.put("caravan.attempt", Integer.toString(attempt));
        return about;
    }

    private static @Nullable String failure(PhaseRun run) {
        return run.outcome() == Outcome.MOVED ? null : String.valueOf(run.detail());
    }

    private static Map<String, String> about(Cid deal, Role role) {
        return new HashMap<>(Map.of("caravan.deal", deal.toString(), "caravan.role", role.text()));
    }

    private static void put(Map<String, String> about, String name, @Nullable String value) {
        if (value != null) {
            about.put(name, Span.shortened(value));
        }
    }

    private static String top(Cid deal, Role role) {
        return role == Role.CLIENT ? DealTrace.root(deal) : DealTrace.span("provider/" + deal);
    }

    /** In milliseconds, which every way to the moment agrees about. */
    private static String stay(Cid deal, Role role, String state, Instant since) {
        return DealTrace.span("stay/" + deal + "/" + role + "/" + state + "/" + since.toEpochMilli());
    }
}
