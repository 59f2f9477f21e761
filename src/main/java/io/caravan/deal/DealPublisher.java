package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.ExitCode;
import io.caravan.chain.Landing;
import io.caravan.chain.Message;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.FatalException;
import io.caravan.model.RetryableException;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.DealStore;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.PublishQueue;
import io.caravan.store.QueuedDeal;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Seed step 6: broadcasts the deal, and learns from the chain that it is one. States 24 and 25 of the provider. A deal
 * whose message can never publish it goes back to the queue and stays in 25; before it is published again, the chain is
 * asked whether an earlier message of ours did it after all.
 */
public final class DealPublisher {

    /** Exit codes that say nothing of the deals: the message ran out of gas, or its sender lost the right to act. */
    private static final Set<Long> RETRIABLE = Set.of(ExitCode.SYS_OUT_OF_GAS, ExitCode.FORBIDDEN);
    /** So often a deal comes back from a message that failed, before it fails with it. */
    private static final int MOST_ROUNDS = 6;

    private final Chain chain;
    private final PublishQueue queue;
    private final MessageLane lane;
    private final MessageWatcher watcher;
    private final FundReserver funds;
    private final PublishedDeals published;
    private final PublishBatcher batcher;
    private final Settings settings;

    /**
     * @param publish is asked for each deal and each batch
     * @param confidence epochs on top of the publish message before the deal counts
     */
    public record Settings(Supplier<PublishConfig> publish, LongSupplier confidence, Clock clock) {
    }

    /** What publishing works with. */
    public record Tools(Chain chain, DealStore deals, PublishQueue queue, MessageLane lane, MessageWatcher watcher,
            FundReserver funds) {
    }

    public DealPublisher(Tools tools, Settings settings) {
        this.chain = tools.chain();
        this.queue = tools.queue();
        this.lane = tools.lane();
        this.watcher = tools.watcher();
        this.funds = tools.funds();
        this.published = new PublishedDeals(chain);
        this.batcher = new PublishBatcher(tools, settings.publish(), settings.clock());
        this.settings = settings;
    }

    /**
     * Sends the message of the deal's batch when the batch is closed; until then the deal waits. Calling it again does
     * no harm: the batch is stored before its message is signed, and signed before it is pushed.
     *
     * @throws FatalException it is too late, or the market would not take the deal
     * @throws RetryableException the chain is away or does not take the message now, for lack of money say
     */
    public Deal publish(Deal deal) {
        DealProposal terms = deal.proposal().proposal();
        QueuedDeal place = queue.enter(deal.proposalCid(), terms.provider(), terms.startEpoch());
        long head = chain.head().epoch().value();
        if (head > terms.startEpoch().value() - settings.publish().get().startBuffer() && queue.leave(deal.proposalCid())) {
            throw new FatalException("too late to publish: epoch " + head + ", the deal starts at " + terms.startEpoch());
        }
        if (place.isWaiting()) {
            Instant closes = batcher.close(place, head);
            place = queue.find(deal.proposalCid()).orElse(place);
            if (place.isWaiting()) {
                return waiting(deal, place, closes);
            }
        }
        if (place.isRefused()) {
            throw new FatalException(String.valueOf(place.problem()));
        }
        return sent(deal, String.valueOf(place.messageKey()));
    }

    private Deal waiting(Deal deal, QueuedDeal place, @Nullable Instant closes) {
        Instant now = settings.clock().instant();
        if (place.notBefore() != null && place.notBefore().isAfter(now)) {
            return deal.waitingFor(WaitsOn.TIME, "try " + (place.tries() + 1) + " of " + settings.publish().get().tries()
                    + " to publish it: " + place.problem(), now, place.notBefore());
        }
        return closes == null ? deal.waitingFor(WaitsOn.NODE, "the next publish message", now)
                : deal.waitingFor(WaitsOn.TIME, "the publish batch to close", now, closes);
    }

    private Deal sent(Deal deal, String key) {
        Optional<String> failure = lane.failure(key);
        if (failure.isPresent()) {
            return back(deal, key, failure.get(), null);
        }
        try {
            return deal.withPublishCid(lane.send(key)).withWaiting(Waiting.NOTHING);
        } catch (ChainRefusedException e) {
            // not signed yet, and the chain does not take this batch any more: make up another one
            return back(deal, key, "the chain refuses the publish message: " + e.getMessage(), null);
        }
    }

    private Deal back(Deal deal, String key, String reason, @Nullable Integer most) {
        queue.reopen(key, reason, most);
        return deal.waitingFor(WaitsOn.CHAIN, "another publish message: " + reason, settings.clock().instant());
    }

    /**
     * Looks for the publish message; once it is deep enough the deal has its number and the held collateral is the
     * chain's. Calling it again does no harm.
     *
     * @throws FatalException the chain holds the message and not the deal
     * @throws RetryableException the chain is away
     */
    public Deal look(Deal deal) {
        try {
            return looked(deal);
        } catch (ChainRefusedException e) {
            // only what the chain holds ends a deal (deal-lifecycle §14, D16)
            throw new RetryableException(WaitsOn.CHAIN, "the chain node does not say where the publish message is: " + e.getMessage(), e);
        }
    }

    private Deal looked(Deal deal) {
        Optional<QueuedDeal> place = queue.find(deal.proposalCid());
        String key = place.map(QueuedDeal::messageKey).orElse(null);
        if (place.isPresent() && key == null) {
            return again(deal);
        }
        Cid message = key == null ? deal.chain().publishCid() : lane.find(key).orElse(deal.chain().publishCid());
        if (message == null) {
            throw new FatalException("deal " + deal.proposalCid() + " is Publishing without a message");
        }
        Landing landing = watcher.look(message, settings.confidence().getAsLong());
        if (landing instanceof Landing.Landed landed) {
            return landed(deal, key, landed);
        }
        if (landing instanceof Landing.Gone gone) {
            if (key == null) {
                throw new FatalException("the deal was not published: " + gone.reason());
            }
            return back(deal, key, gone.reason(), null);
        }
        String what = ((Landing.NotYet) landing).waitingFor()
                + (key == null ? "" : lane.trouble(key).map(trouble -> "; " + trouble).orElse(""));
        return deal.withPublishCid(message).waitingFor(WaitsOn.CHAIN, what, settings.clock().instant());
    }

    private Deal landed(Deal deal, @Nullable String key, Landing.Landed landed) {
        int rounds = queue.attempts(deal.proposalCid()).size();
        if (key != null && RETRIABLE.contains(landed.receipt().exitCode()) && rounds < MOST_ROUNDS) {
            int most = Math.max(1, queue.inMessage(key).size() / 2);
            return back(deal, key, "message " + landed.message() + " ended with exit code "
                    + landed.receipt().exitCode(), most);
        }
        if (landed.isOk()) {
            OptionalLong dealId = published.find(deal.proposal(), message(landed.message()), landed.receipt());
            if (dealId.isPresent()) {
                return numbered(deal, landed.message(), dealId.getAsLong());
            }
            Optional<Deal> earlier = rounds > 1 ? byEarlier(deal) : Optional.empty();
            if (earlier.isPresent()) {
                return earlier.get();
            }
        }
        return numbered(deal, landed.message(),
                published.idOf(deal.proposal(), message(landed.message()), landed.receipt()));
    }

    /** A deal that came back from its message: published by an earlier one after all, or once more by a new one. */
    private Deal again(Deal deal) {
        Optional<Deal> earlier = byEarlier(deal);
        if (earlier.isPresent()) {
            return earlier.get();
        }
        Deal sent = publish(deal);
        return sent.waiting().what() != null ? sent : sent.waitingFor(WaitsOn.CHAIN, "message "
                + sent.chain().publishCid() + " to be in a block", settings.clock().instant());
    }

    /** The deal with its number, or waiting for it, if one of the messages it has been in published it. */
    private Optional<Deal> byEarlier(Deal deal) {
        for (String key : queue.attempts(deal.proposalCid())) {
            Cid message = lane.find(key).orElse(null);
            Landing landing = message == null ? new Landing.Gone("never signed")
                    : watcher.look(message, settings.confidence().getAsLong());
            if (landing instanceof Landing.NotYet notYet && notYet.isExecuted()) {
                return Optional.of(deal.waitingFor(WaitsOn.CHAIN, notYet.waitingFor(), settings.clock().instant()));
            }
            if (landing instanceof Landing.Landed landed && landed.isOk()) {
                OptionalLong dealId = published.find(deal.proposal(), message(landed.message()), landed.receipt());
                if (dealId.isPresent()) {
                    queue.leave(deal.proposalCid());
                    return Optional.of(numbered(deal, landed.message(), dealId.getAsLong()));
                }
            }
        }
        return Optional.empty();
    }

    private Deal numbered(Deal deal, Cid message, long dealId) {
        return funds.release(deal, Purpose.PROVIDER_COLLATERAL)
                .withPublishCid(message).withDealId(dealId).withWaiting(Waiting.NOTHING);
    }

    private Message message(Cid cid) {
        return chain.message(cid).orElseThrow(() ->
                new RetryableException(WaitsOn.CHAIN, "the chain node does not give message " + cid, null));
    }
}
