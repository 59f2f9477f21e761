package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.chain.Message;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.model.Waiting;
import io.caravan.store.DealStore;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.MessageIntent;
import io.caravan.store.PublishQueue;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Seed step 6: broadcasts the deal, and learns from the chain that it is one. States 24 and 25 of the provider. */
public final class DealPublisher {

    private final Chain chain;
    private final DealStore deals;
    private final PublishQueue queue;
    private final MessageLane lane;
    private final MessageWatcher watcher;
    private final FundReserver funds;
    private final PublishedDeals published;
    private final Settings settings;

    /** @param confidence epochs on top of the publish message before the deal counts */
    public record Settings(PublishConfig publish, long confidence, Clock clock) {
    }

    /** What publishing works with. */
    public record Tools(Chain chain, DealStore deals, PublishQueue queue, MessageLane lane, MessageWatcher watcher,
            FundReserver funds) {
    }

    public DealPublisher(Tools tools, Settings settings) {
        this.chain = tools.chain();
        this.deals = tools.deals();
        this.queue = tools.queue();
        this.lane = tools.lane();
        this.watcher = tools.watcher();
        this.funds = tools.funds();
        this.published = new PublishedDeals(chain);
        this.settings = settings;
    }

    /**
     * Sends the message of the deal's batch when the batch is closed; until then the deal waits. Calling it again does
     * no harm: the batch is stored before its message is signed, and signed before it is pushed.
     */
    public Deal publish(Deal deal) {
        long start = deal.proposal().proposal().startEpoch().value();
        long latest = start - settings.publish().startBuffer();
        long head = chain.head().epoch().value();
        if (head > latest && deal.chain().publishCid() == null) {
            queue.leave(deal.proposalCid());
            throw new FatalException("too late to publish: epoch " + head + ", the deal starts at " + start);
        }
        String key = messageKey(deal, head);
        if (key == null) {
            return deal.waitingFor("the publish batch to close", settings.clock().instant());
        }
        try {
            return deal.withPublishCid(lane.send(key)).withWaiting(Waiting.NOTHING);
        } catch (ChainRefusedException e) {
            // not enough funds, or a chain that does not like the batch now: an operator or the next epoch may help
            throw new RetryableException("the chain refuses the publish message: " + e.getMessage(), e);
        }
    }

    /**
     * Looks for the publish message; once it is deep enough the deal has its number and the held collateral is the
     * chain's.
     */
    public Deal look(Deal deal) {
        Cid message = deal.chain().publishCid();
        if (message == null) {
            throw new FatalException("deal " + deal.proposalCid() + " is Publishing without a message");
        }
        Landing landing = watcher.look(message, settings.confidence());
        if (landing instanceof Landing.NotYet notYet) {
            return deal.waitingFor(notYet.waitingFor(), settings.clock().instant());
        }
        if (landing instanceof Landing.Gone gone) {
            throw new FatalException("the deal was not published: " + gone.reason());
        }
        Landing.Landed landed = (Landing.Landed) landing;
        long dealId = published.idOf(deal.proposal(), message(landed.message()), landed.receipt());
        return funds.release(deal, Purpose.PROVIDER_COLLATERAL)
                .withPublishCid(landed.message()).withDealId(dealId).withWaiting(Waiting.NOTHING);
    }

    private Message message(Cid cid) {
        return chain.message(cid).orElseThrow(() ->
                new RetryableException("the chain node does not give message " + cid));
    }

    private @Nullable String messageKey(Deal deal, long head) {
        DealProposal terms = deal.proposal().proposal();
        FilAddress worker = chain.accountKey(chain.minerInfo(terms.provider()).worker());
        PublishConfig config = settings.publish();
        var closing = new PublishQueue.Closing(config.period(), config.max(), Epoch.of(head + config.startBuffer()));
        return queue.enter(deal.proposalCid(), terms.provider(), terms.startEpoch(), closing,
                batch -> intent(batch, worker))
                .orElse(null);
    }

    /** Named by what it holds, so that no two messages ever publish the same batch. */
    private MessageIntent intent(List<Cid> batch, FilAddress worker) {
        List<SignedProposal> proposals = batch.stream().map(this::proposal).toList();
        String names = batch.stream().map(Cid::toString).collect(Collectors.joining(" "));
        String digest = Bytes.wrap(Hashes.sha256(names.getBytes(StandardCharsets.US_ASCII))).hex();
        return new MessageIntent("publish/" + digest, worker, Methods.MARKET, Methods.MARKET_PUBLISH_STORAGE_DEALS,
                TokenAmount.ZERO, Bytes.wrap(new PublishStorageDealsParams(proposals).toCbor()), "publish "
                + batch.size() + " deals");
    }

    private SignedProposal proposal(Cid proposalCid) {
        return deals.find(proposalCid, Role.PROVIDER).map(Deal::proposal)
                .orElseThrow(() -> new IllegalStateException("the publish queue names deal " + proposalCid
                + ", which is not there"));
    }
}
