package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.chain.MarketDeal;
import io.caravan.chain.Message;
import io.caravan.chain.MessageWatcher;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.PhaseException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A deal's number is believed once its message is deep enough; a reorganisation that goes deeper still can take the message
 * back or renumber the deal. So each published deal that is not active yet is read again now and then, and what changed is
 * changed everywhere and written into the deal's history, never silently (deal-lifecycle §9.4, §10.5). Both sides look the
 * same way.
 */
public final class PublishRecheck {

    private static final Logger LOG = LoggerFactory.getLogger(PublishRecheck.class);
    private static final int PAGE = 200;
    private static final Set<DealState> PUBLISHED =
            EnumSet.of(DealState.STAGED, DealState.AWAITING_PRE_COMMIT, DealState.SEALING);

    private final Chain chain;
    private final DealStore deals;
    private final MessageWatcher watcher;
    private final PublishedDeals published;
    private final Role role;
    private final LongSupplier confidence;
    private final Numbers numbers;

    /** Whoever else keeps the numbers of deals. */
    @FunctionalInterface
    public interface Numbers {

        /** Nobody else does. */
        Numbers NOBODY = changed -> { };

        /** These deals have these numbers from now on; all at once, for two may have swapped. Idempotent. */
        void change(Map<Cid, Long> changed);
    }

    /** @param confidence epochs on top of the publish message before a number counts */
    public PublishRecheck(Chain chain, DealStore deals, MessageWatcher watcher, Role role, LongSupplier confidence, Numbers numbers) {
        this.chain = chain;
        this.deals = deals;
        this.watcher = watcher;
        this.published = new PublishedDeals(chain);
        this.role = role;
        this.confidence = confidence;
        this.numbers = numbers;
    }

    /** Looks at every published deal that is not active; what the chain does not answer is left for the next time. */
    public void sweep() {
        Map<Deal, Deal> renumbered = new HashMap<>();
        Deal last = null;
        List<Deal> page;
        do {
            page = deals.list(role, PUBLISHED, last, PAGE);
            for (Deal deal : page) {
                quietly(deal, renumbered);
            }
            last = page.isEmpty() ? last : page.get(page.size() - 1);
        } while (page.size() == PAGE);
        if (!renumbered.isEmpty()) {
            Map<Cid, Long> changed = new HashMap<>();
            renumbered.forEach((was, is) -> changed.put(was.proposalCid(), is.dealId()));
            numbers.change(changed); // first there: a kill in between leaves the deals to be found again
            renumbered.forEach((was, is) -> write(was, "a reorganisation made deal " + was.dealId() + " deal " + is.dealId(),
                    is));
        }
    }

    private void quietly(Deal deal, Map<Deal, Deal> renumbered) {
        try {
            look(deal, renumbered);
        } catch (PhaseException | ChainRefusedException e) {
            LOG.debug("deal {} is read again later: {}", deal.proposalCid(), e.getMessage());
        }
    }

    private void look(Deal deal, Map<Deal, Deal> renumbered) {
        Long known = deal.dealId();
        Cid publishCid = deal.chain().publishCid();
        if (known == null || publishCid == null || chain.storageDeal(known).map(MarketDeal::proposal)
                .filter(onChain -> published.isSame(deal.proposal().proposal(), onChain)).isPresent()) {
            return;
        }
        Landing landing = watcher.look(publishCid, confidence.getAsLong());
        if (landing instanceof Landing.Landed landed && landed.isOk()) {
            Message message = chain.message(landed.message()).orElseThrow(() ->
                    new RetryableException("the chain node does not give message " + landed.message()));
            OptionalLong number = published.find(deal.proposal(), message, landed.receipt());
            if (number.isPresent() && number.getAsLong() != known) {
                renumbered.put(deal, deal.withPublishCid(landed.message()).withDealId(number.getAsLong()));
            }
        } else if (landing instanceof Landing.NotYet notYet && !notYet.isExecuted()) {
            write(deal, "a reorganisation took publish message " + publishCid + " off the chain"
                    + (role == Role.PROVIDER ? "; it is pushed again" : ""), deal);
        } else if (landing instanceof Landing.Gone gone) {
            write(deal, "a reorganisation took the deal off the chain: " + gone.reason(), deal);
        }
    }

    /** One line in the deal's history for one finding, however often it is found. */
    private void write(Deal was, String note, Deal is) {
        List<DealMove> history = new ArrayList<>(deals.events(was.proposalCid(), role));
        DealMove last = history.isEmpty() ? null : history.get(history.size() - 1);
        if (last != null && last.event() == DealEvent.PUBLISH_REVERTED && note.equals(last.note())) {
            return;
        }
        LOG.warn("deal {}: {}", was.proposalCid(), note);
        deals.signalBecause(was.proposalCid(), role, note, now -> now.withPublishCid(is.chain().publishCid())
                .withDealId(is.dealId()), DealEvent.PUBLISH_REVERTED);
    }
}
