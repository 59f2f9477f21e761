package io.caravan.deal;

import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.model.Waiting;
import io.caravan.store.FundStore;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.FundStore.Purpose;
import io.caravan.store.MessageIntent;
import java.time.Clock;

/**
 * Sets money aside for deals, once for one need, and tops the escrow up by the least that is missing (deal-lifecycle
 * §9.2). One AddBalance per address is on its way at a time; deals that need money meanwhile queue and share the next.
 */
public final class FundReserver {

    private static final int MOST_TRIES = 5;

    private final Chain chain;
    private final FundStore funds;
    private final MessageLane lane;
    private final MessageWatcher watcher;
    private final long confidence;
    private final Clock clock;

    /** @param confidence epochs on top of an AddBalance before its money counts */
    public FundReserver(Chain chain, FundStore funds, MessageLane lane, MessageWatcher watcher, long confidence,
            Clock clock) {
        this.chain = chain;
        this.funds = funds;
        this.lane = lane;
        this.watcher = watcher;
        this.confidence = confidence;
        this.clock = clock;
    }

    /**
     * Reserves for a deal; calling it again changes nothing. The deal comes back waiting for nothing when the escrow
     * covers it, with its AddBalance message when one brings the money, and waiting for another deal's message when it
     * is queued behind one.
     *
     * @param address whose escrow
     * @param wallet who pays a top-up
     */
    Deal reserve(Deal deal, Purpose purpose, FilAddress address, FilAddress wallet, TokenAmount amount) {
        Hold hold = funds.reserve(deal.proposalCid(), purpose, address, wallet, amount, () -> available(address),
                FundReserver::topUp);
        if (hold.state() == HoldState.QUEUED) {
            moveOn(address);
            hold = funds.find(deal.proposalCid(), purpose).orElse(hold);
        }
        Deal reserved = deal.withFundsReserved(amount).withWaiting(Waiting.NOTHING);
        return switch (hold.state()) {
            case COVERED -> reserved.withAddFundsCid(null);
            case FUNDING -> reserved.withAddFundsCid(send(deal, hold));
            case QUEUED -> deal.waitingFor("the AddBalance message of " + address + " before ours", clock.instant());
            case RELEASED -> throw new FatalException("the funds of deal " + deal.proposalCid()
                    + " were given back already");
        };
    }

    /**
     * Looks whether the deal's AddBalance has landed. The deal comes back waiting for nothing when it has; its failure
     * is fatal.
     */
    Deal look(Deal deal) {
        Cid message = deal.funds().addFundsCid();
        if (message == null) {
            return deal.withWaiting(Waiting.NOTHING);
        }
        Landing landing = watcher.look(message, confidence);
        if (landing instanceof Landing.NotYet notYet) {
            return deal.waitingFor(notYet.waitingFor(), clock.instant());
        }
        if (landing instanceof Landing.Gone gone) {
            throw new FatalException("AddBalance was not executed: " + gone.reason());
        }
        Landing.Landed landed = (Landing.Landed) landing;
        if (!landed.isOk()) {
            throw new FatalException("AddBalance " + message + " ended with exit code " + landed.receipt().exitCode());
        }
        return deal.withAddFundsCid(landed.message()).withWaiting(Waiting.NOTHING);
    }

    /** Gives the deal's money back to what is free in escrow; calling it again does no harm. */
    Deal release(Deal deal, Purpose purpose) {
        funds.release(deal.proposalCid(), purpose);
        return deal.withFundsReserved(TokenAmount.ZERO);
    }

    /** Looks at the message in flight for an address and, once it landed, treats those who waited behind it. */
    private void moveOn(FilAddress address) {
        String key = funds.account(address).messageKey();
        if (key != null) {
            // a crash may have come between the fund store's commit and the push: sending again is how it goes on
            Landing landing = watcher.look(lane.send(key), confidence);
            if (landing instanceof Landing.NotYet) {
                return;
            }
        }
        funds.settle(address, () -> available(address), FundReserver::topUp);
    }

    private Cid send(Deal deal, Hold hold) {
        try {
            return lane.send(String.valueOf(hold.messageKey()));
        } catch (ChainRefusedException e) {
            String sentence = "AddBalance of " + hold.amount() + " from " + hold.wallet() + ": " + e.getMessage();
            if (deal.turn().attempt() >= MOST_TRIES) {
                throw new FatalException(sentence, e);
            }
            throw new RetryableException(sentence, e);
        }
    }

    private TokenAmount available(FilAddress address) {
        return chain.marketBalance(address).available();
    }

    private static MessageIntent topUp(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
        return new MessageIntent(key, wallet, Methods.MARKET, Methods.MARKET_ADD_BALANCE, amount,
                Bytes.wrap(new AddBalanceParams(address).toCbor()), "top up the market escrow of " + address);
    }
}
