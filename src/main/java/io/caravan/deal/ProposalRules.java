package io.caravan.deal;

import io.caravan.chain.HeadView;
import io.caravan.market.AskBook;
import io.caravan.model.Deal;
import io.caravan.model.FilAddress;
import io.caravan.model.InShadow;
import io.caravan.model.RejectedException;
import io.caravan.model.Waiting;
import io.caravan.store.AcceptanceStore;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Seed step 3: is the proposal legal, and do we want it? States 14 and 15 of the provider. The first rule that a
 * proposal breaks rejects it, and its sentence is what the client reads. Nothing is reserved here, so checking again
 * does no harm.
 */
public final class ProposalRules {

    private final Tools tools;
    private final Supplier<AcceptConfig> wanted;
    private final Duplicates duplicates;
    private final NodeTries tries;

    /**
     * What the rules look at.
     *
     * @param ours our miner actor, ID form
     * @param stagingBytes how many bytes the staging folder holds now
     */
    public record Tools(HeadView chain, AskBook asks, FilAddress ours, AcceptanceStore accepted, LongSupplier stagingBytes) {}

    /** @param wanted is asked for each deal, which is judged by what it was then */
    public ProposalRules(Tools tools, Supplier<AcceptConfig> wanted, Clock clock) {
        this.tools = tools;
        this.duplicates = new Duplicates(tools.chain(), tools.accepted());
        this.wanted = wanted;
        this.tries = new NodeTries(clock);
    }

    private List<Rule> legalRules() {
        return Stream.concat(ProposalTable.rules().stream(), new TermsTable(tools.chain(), wanted.get(), duplicates).rules().stream()).toList();
    }

    private List<Rule> wantedRules() {
        return new DecisionTable(tools.chain(), wanted.get(), tools.stagingBytes()).rules();
    }

    /** The checks of a proposal itself: its bytes, its signature, our ask, the client's funds (deal-lifecycle §7.1). */
    @InShadow(InShadow.How.RUN)
    public Deal check(Deal deal) {
        return tries.judge(deal, () -> pass(deal, legalRules()));
    }

    /** What the operator wants: kinds of deals, blocked pieces, time to seal, room (deal-lifecycle §7.3). */
    @InShadow(InShadow.How.RUN)
    public Deal decide(Deal deal) {
        return tries.judge(deal, () -> pass(deal, wantedRules()));
    }

    private Deal pass(Deal deal, List<Rule> table) {
        Optional<String> refusal = refusal(deal, table);
        if (refusal.isPresent() && tools.chain().renew()) {
            refusal = refusal(deal, table); // what is remembered may accept; only the present head refuses
        }
        if (refusal.isPresent()) {
            throw new RejectedException(refusal.get(), refusal.get());
        }
        return deal.withWaiting(Waiting.NOTHING);
    }

    private Optional<String> refusal(Deal deal, List<Rule> table) {
        Candidate candidate = new Candidate(deal, tools.chain(), tools.asks(), tools.ours());
        return table.stream().map(rule -> rule.refuse(candidate)).flatMap(Optional::stream).findFirst();
    }
}
