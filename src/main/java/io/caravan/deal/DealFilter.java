package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.model.Deal;
import io.caravan.model.FilAddress;
import io.caravan.model.InShadow;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.SectorStore;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator's own word on a deal, after all our rules (deal-lifecycle §7.3, F9): a command, when one is set. The route
 * {@code direct:deal-filter} calls it, and whoever wants another filter writes another route there: a route that does not
 * want the deal ends by {@link #refuse}, one that does leaves the deal as its body.
 */
public final class DealFilter {

    /** Exit codes by which a shell says that it found no such command, or could not run it. */
    private static final int NOT_FOUND = 127;
    private static final int NOT_RUNNABLE = 126;
    private static final int MOST_REASON = 500;
    private static final Logger LOG = LoggerFactory.getLogger(DealFilter.class);

    private final Tools tools;
    private final Supplier<Config> wanted;
    private final NodeTries tries;

    /**
     * What a filter is told from.
     *
     * @param ours our miner actor, ID form
     * @param usableBytes what the disk of the staging folder has left now
     */
    public record Tools(Chain chain, AcceptanceStore accepted, SectorStore sectors, FilAddress ours,
            LongSupplier usableBytes) {}

    /**
     * What the operator set.
     *
     * @param command a line for {@code sh -c}; empty accepts all; {@code miner.accept.filter}
     * @param limit when it is killed and the deal refused; {@code miner.accept.filter-timeout}
     * @param stagingQuota padded bytes, for the question; {@code miner.accept.staging-quota}
     */
    public record Config(Optional<String> command, Duration limit, long stagingQuota) {}

    /** What is made of one set of settings. */
    private record Set(FilterQuestion question, Optional<FilterCommand> command, Duration limit) {
        static Set of(Tools tools, Config config) {
            return new Set(new FilterQuestion(tools, config.stagingQuota()),
                    config.command().map(line -> new FilterCommand(line, config.limit())), config.limit());
        }
    }

    /** @param wanted is asked for each deal; a command that runs is heard out */
    public DealFilter(Tools tools, Supplier<Config> wanted, Clock clock) {
        this.tools = tools;
        this.wanted = wanted;
        this.tries = new NodeTries(clock);
    }

    private Set set() {
        return Set.of(tools, wanted.get());
    }

    /** Runs the command, if there is one: exit 0 accepts, anything else refuses with what it printed. */
    public Deal ask(Deal deal) {
        Set now = set();
        return now.command().isEmpty() ? deal
                : tries.judge(deal, () -> heed(deal, now.command().get().run(now.question().of(deal)), now.limit()));
    }

    /** Refuses a deal, for a route of the operator's own: {@code bean:dealFilter?method=refuse(${body}, 'reason')}. */
    @InShadow(InShadow.How.RUN)
    public Deal refuse(Deal deal, String reason) {
        String sentence = Rule.sentence("F9", "filter-refused", Quoted.text(reason, MOST_REASON));
        throw new RejectedException(sentence, sentence);
    }

    /** The deal as JSON, as the command reads it, for a route that asks somebody else. */
    @InShadow(InShadow.How.RUN)
    public String question(Deal deal) {
        return set().question().of(deal);
    }

    /**
     * What a service said about a deal, for a route that asks one: status 200 and {@code {"accept": true}} leave the deal,
     * {@code {"accept": false, "reason": "…"}} refuses it.
     *
     * @param answer of which no more than 64 KiB are read
     * @throws RetryableException for every other answer: nothing is decided
     */
    @InShadow(InShadow.How.RUN)
    public Deal heard(Deal deal, int status, InputStream answer) {
        ServiceAnswer heard = ServiceAnswer.of(status, answer);
        if (heard.why() != null) {
            return undecided(deal, heard.why());
        }
        return heard.accept() ? deal : refuse(deal, heard.reason());
    }

    /** Nothing is decided yet, for a route that asks somebody who does not answer: the deal is asked about again later. */
    @InShadow(InShadow.How.RUN)
    public Deal undecided(Deal deal, String why) {
        throw new RetryableException("F9 filter-undecided: " + Quoted.text(why, MOST_REASON));
    }

    private Deal heed(Deal deal, FilterCommand.Answer answer, Duration limit) {
        if (answer instanceof FilterCommand.NotRun notRun) {
            throw broken(deal, notRun.why());
        }
        if (answer instanceof FilterCommand.TooLate) {
            throw broken(deal, "no answer within " + limit.toMillis() + " ms");
        }
        FilterCommand.Ended ended = (FilterCommand.Ended) answer;
        return switch (ended.exitCode()) {
            case 0 -> deal;
            case NOT_FOUND, NOT_RUNNABLE -> throw broken(deal, "exit code " + ended.exitCode() + ": "
                    + Quoted.text(ended.output(), MOST_REASON));
            default -> refuse(deal, ended.output());
        };
    }

    /** The filter's own trouble is not the client's to read. */
    private static RejectedException broken(Deal deal, String why) {
        LOG.warn("deal {}: the deal filter did not decide: {}", deal.proposalCid(), why);
        return new RejectedException("F9 filter-error: the miner's deal filter did not decide",
                "F9 filter-error: " + why);
    }
}
