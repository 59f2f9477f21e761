package io.caravan.deal;

import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.WalletShortException;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.FundStore;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.FundStore.Purpose;
import java.time.Clock;
import java.util.function.LongSupplier;

/**
 * Sets money aside for deals, once for one need, and tops the escrow up by the least that is missing (deal-lifecycle
 * §9.2). One AddBalance per address is on its way at a time; deals that need money meanwhile queue and share the next.
 */
public final class FundReserver {

    private static final int MOST_TRIES = 5;

    private final FundKeeper keeper;
    private final FundStore funds;
    private final MessageLane lane;
    private final MessageWatcher watcher;
    private final LongSupplier confidence;
    private final Clock clock;

    /** @param confidence epochs on top of an AddBalance before its money counts */
    public FundReserver(FundKeeper keeper, LongSupplier confidence, Clock clock) {
        this.keeper = keeper;
        this.funds = keeper.tools().funds();
        this.lane = keeper.tools().lane();
        this.watcher = keeper.tools().watcher();
        this.confidence = confidence;
        this.clock = clock;
    }

    /**
     * Reserves for a deal; calling it again changes nothing. The deal comes back waiting for nothing when the escrow
     * covers it, with its AddBalance message when one brings the money, and else waiting: for the message before its
     * own, or for an operator where wallet or ceiling cannot pay for it.
     *
     * @param address whose escrow
     * @param wallet who pays a top-up
     */
    Deal reserve(Deal deal, Purpose purpose, FilAddress address, FilAddress wallet, TokenAmount amount) {
        Hold hold = keeper.reserve(new Hold(deal.proposalCid(), purpose, address, wallet, amount, HoldState.QUEUED, null,
                clock.instant()));
        Deal reserved = deal.withFundsReserved(amount).withWaiting(Waiting.NOTHING);
        return switch (hold.state()) {
            case COVERED -> reserved.withAddFundsCid(null);
            case FUNDING -> send(deal, reserved, hold);
            case QUEUED -> {
                FundKeeper.Reason reason = keeper.why(hold);
                yield deal.waitingFor(reason.on(), reason.what(), clock.instant());
            }
            case RELEASED -> throw new FatalException("the funds of deal " + deal.proposalCid() + " are given back: "
                    + keeper.outcome(hold));
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
        Landing landing = watcher.look(message, confidence.getAsLong());
        if (landing instanceof Landing.NotYet notYet) {
            return deal.waitingFor(WaitsOn.CHAIN, notYet.waitingFor(), clock.instant());
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

    private Deal send(Deal deal, Deal reserved, Hold hold) {
        String key = String.valueOf(hold.messageKey());
        try {
            return reserved.withAddFundsCid(lane.send(key));
        } catch (ChainRefusedException e) {
            String sentence = "top-up of the escrow of " + hold.address() + " from " + hold.wallet() + ": "
                    + e.getMessage();
            if (deal.turn().attempt() >= MOST_TRIES) {
                throw new FatalException(sentence, e);
            }
            throw new RetryableException(WaitsOn.CHAIN, sentence, e);
        } catch (RetryableException e) {
            if (e.getCause() instanceof WalletShortException wallet) {
                return deal.waitingFor(WaitsOn.MONEY, FundKeeper.sentence(wallet), clock.instant());
            }
            throw e;
        }
    }
}
