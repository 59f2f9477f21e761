package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.chain.Message;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.MinerInfo;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.FundStore.Purpose;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * Does the chain say what the provider says? State 3 of the client (deal-lifecycle §9.4): the provider's word is not
 * enough.
 */
public final class PublishCheck {

    private final Chain chain;
    private final MessageWatcher watcher;
    private final FundReserver funds;
    private final PublishedDeals published;
    private final LongSupplier confidence;
    private final Clock clock;

    /** @param confidence epochs on top of the publish message before it counts */
    public PublishCheck(Chain chain, MessageWatcher watcher, FundReserver funds, LongSupplier confidence, Clock clock) {
        this.chain = chain;
        this.watcher = watcher;
        this.funds = funds;
        this.published = new PublishedDeals(chain);
        this.confidence = confidence;
        this.clock = clock;
    }

    /**
     * Waits for nothing once the message is deep, is the miner's and carries our deal; the deal then has its number.
     */
    public Deal look(Deal deal) {
        try {
            return looked(deal);
        } catch (ChainRefusedException e) {
            // only what the chain holds ends a deal (deal-lifecycle §14, D16)
            throw new RetryableException("the chain node does not say where the publish message is: " + e.getMessage(), e);
        }
    }

    private Deal looked(Deal deal) {
        Cid cid = deal.chain().publishCid();
        if (cid == null) {
            throw new FatalException("the provider named no publish message");
        }
        Landing landing = watcher.look(cid, confidence.getAsLong());
        if (landing instanceof Landing.NotYet notYet) {
            return deal.waitingFor(WaitsOn.CHAIN, notYet.waitingFor(), clock.instant());
        }
        if (landing instanceof Landing.Gone gone) {
            throw new FatalException("the deal was not published: " + gone.reason());
        }
        Landing.Landed landed = (Landing.Landed) landing;
        Message message = chain.message(landed.message())
                .orElseThrow(() -> new RetryableException("the chain node does not give message " + landed.message()));
        requireByMiner(message, deal.proposal().proposal().provider());
        long dealId = published.idOf(deal.proposal(), message, landed.receipt());
        return funds.release(deal, Purpose.CLIENT_PAYMENT)
                .withPublishCid(landed.message()).withDealId(dealId).withWaiting(Waiting.NOTHING);
    }

    private void requireByMiner(Message message, FilAddress provider) {
        if (!message.to().equals(Methods.MARKET) || message.method() != Methods.MARKET_PUBLISH_STORAGE_DEALS) {
            throw new FatalException("the provider's message is no publish message: method " + message.method() + " of "
                    + message.to());
        }
        MinerInfo miner = chain.minerInfo(provider);
        FilAddress sender = chain.lookupId(message.from()).orElse(message.from());
        if (!miner.mayAct(sender)) {
            throw new FatalException("the publish message is from " + sender + ", who may not act for miner "
                    + provider);
        }
    }
}
