package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.MarketDeal;
import io.caravan.chain.Message;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.codec.CodecException;
import io.caravan.model.DealProposal;
import io.caravan.model.FatalException;
import io.caravan.model.RetryableException;
import io.caravan.model.SignedProposal;
import io.caravan.model.WaitsOn;
import java.util.List;
import java.util.OptionalLong;

/** Finds the number that the market gave to a deal, from the message that published it (deal-lifecycle §9.4). */
final class PublishedDeals {

    private final Chain chain;

    PublishedDeals(Chain chain) {
        this.chain = chain;
    }

    /**
     * The deal's number.
     *
     * @throws FatalException the message failed, does not carry the deal, or the market dropped the deal from it
     * @throws RetryableException the market does not show the deal yet
     */
    long idOf(SignedProposal deal, Message published, MessageReceipt receipt) {
        if (!receipt.isOk()) {
            throw new FatalException("the publish message ended with exit code " + receipt.exitCode());
        }
        return find(deal, published, receipt).orElseThrow(() -> new FatalException("deal " + deal.proposalCid()
                + " was invalid at publication: the market dropped it"));
    }

    /**
     * The deal's number; empty when the market dropped the deal from the message, which worked.
     *
     * @throws FatalException the message does not carry the deal
     * @throws RetryableException the market does not show the deal yet
     */
    OptionalLong find(SignedProposal deal, Message published, MessageReceipt receipt) {
        int place = placeOf(deal, published);
        OptionalLong id = returned(receipt).idAt(place);
        if (id.isEmpty()) {
            return id;
        }
        MarketDeal onChain = chain.storageDeal(id.getAsLong()).orElseThrow(
                () -> new RetryableException(WaitsOn.CHAIN,
                        "the market does not show deal " + id.getAsLong() + " yet", null));
        if (!isSame(deal.proposal(), onChain.proposal())) {
            throw new FatalException("deal " + id.getAsLong() + " on chain is not deal " + deal.proposalCid());
        }
        return id;
    }

    /** Where in the message the deal stands; fatal when it is not there or differs in a byte. */
    int placeOf(SignedProposal deal, Message published) {
        int place = deals(published).indexOf(deal);
        if (place < 0) {
            throw new FatalException("the publish message does not carry deal " + deal.proposalCid());
        }
        return place;
    }

    private static List<SignedProposal> deals(Message published) {
        try {
            return PublishStorageDealsParams.ofCbor(published.params().toArray()).deals();
        } catch (CodecException e) {
            throw new FatalException("the publish message does not hold deals: " + e.getMessage(), e);
        }
    }

    private static PublishStorageDealsReturn returned(MessageReceipt receipt) {
        try {
            return PublishStorageDealsReturn.ofCbor(receipt.returned().toArray());
        } catch (CodecException e) {
            throw new FatalException("the publish message returned what is no list of deal ids: " + e.getMessage(), e);
        }
    }

    /** The market keeps ID addresses; the client may have signed with its key address. */
    boolean isSame(DealProposal ours, DealProposal onChain) {
        return ours.withClient(onChain.client()).equals(onChain)
                && chain.lookupId(ours.client()).equals(chain.lookupId(onChain.client()));
    }
}
