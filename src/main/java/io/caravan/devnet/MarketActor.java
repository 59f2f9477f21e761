package io.caravan.devnet;

import io.caravan.chain.BitField;
import io.caravan.chain.ExitCode;
import io.caravan.chain.MarketDealState;
import io.caravan.chain.Methods;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;

/** The storage market f05: which method is which, its views and its events (chain-and-rpc §4.1, §4.6). */
final class MarketActor {

    private MarketActor() {
    }

    static Bytes run(Call call, long method) {
        if (method == Methods.MARKET_ADD_BALANCE || method == Methods.MARKET_ADD_BALANCE_EXPORTED) {
            return MarketFunds.addBalance(call);
        }
        call.requireNoValue(); // else the market would hold coins that are nobody's escrow
        if (method == Methods.MARKET_WITHDRAW_BALANCE || method == Methods.MARKET_WITHDRAW_BALANCE_EXPORTED) {
            return MarketFunds.withdrawBalance(call);
        }
        if (method == Methods.MARKET_PUBLISH_STORAGE_DEALS || method == Methods.MARKET_PUBLISH_STORAGE_DEALS_EXPORTED) {
            return DealPublisher.publish(call);
        }
        if (method == Methods.MARKET_SETTLE_DEAL_PAYMENTS) {
            return DealSettlement.settle(call);
        }
        if (method == Methods.MARKET_GET_BALANCE) {
            return MarketFunds.getBalance(call);
        }
        if (method == Methods.MARKET_GET_DEAL_ACTIVATION) {
            return activation(call);
        }
        if (method == Methods.MARKET_GET_DEAL_SECTOR) {
            return sector(call);
        }
        if (method == Methods.MARKET_SECTOR_CONTENT_CHANGED) {
            throw new ActorException(ExitCode.FORBIDDEN, "only a miner actor may say that its sectors changed");
        }
        throw new ActorException(ExitCode.UNHANDLED_MESSAGE, "the market has no method " + method);
    }

    static Event event(String type, long dealId, PublishedDeal deal) {
        return Event.of(Ledger.MARKET, type).with("id", out -> out.uint(dealId))
                .with("client", out -> out.uint(deal.client())).with("provider", out -> out.uint(deal.provider()))
                .build();
    }

    private static Bytes activation(Call call) {
        PublishedDeal deal = deal(call);
        MarketDealState state = deal.state() == null ? MarketDealState.NONE : deal.state();
        return new CborWriter().array(2).integer(state.sectorStart()).integer(state.slashed()).toBytes();
    }

    private static Bytes sector(Call call) {
        PublishedDeal deal = deal(call);
        if (deal.state() == null) {
            throw new ActorException(ExitCode.MARKET_DEAL_NOT_ACTIVATED, "the deal is not activated");
        }
        return new CborWriter().uint(deal.state().sector()).toBytes();
    }

    private static PublishedDeal deal(Call call) {
        call.journal().charge(Gas.VIEW);
        long id = call.params(MarketActor::dealId);
        return call.draft().find(Tables.DEALS, id).orElseThrow(() -> id < call.draft().totals().nextDeal()
                ? new ActorException(ExitCode.MARKET_DEAL_EXPIRED, "deal " + id + " is gone")
                : new ActorException(ExitCode.NOT_FOUND, "no such deal " + id));
    }

    /** A bare deal id: the parameter of the views, and the payload of a notification. */
    static long dealId(byte[] cbor) {
        CborReader in = new CborReader(cbor);
        long id = in.uint();
        in.end();
        return id;
    }

    /** Bit fields in parameters, bounded where they will be walked. */
    static java.util.List<Long> numbers(BitField field, int max) {
        try {
            return field.numbers(max);
        } catch (CodecException e) {
            throw new ActorException(ExitCode.ILLEGAL_ARGUMENT, e.getMessage());
        }
    }
}
