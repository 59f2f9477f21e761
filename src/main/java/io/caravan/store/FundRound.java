package io.caravan.store;

import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.HoldState;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One round of the fund manager (spec deal-lifecycle 9.2) as arithmetic: which queued holds the escrow covers, and
 * what has to be added for the others. All that are topped up in one round are paid by one wallet; holds of other
 * wallets, and those that their wallet or the ceiling cannot pay for now, stay queued and hold up nobody else.
 *
 * @param covered need no message
 * @param funded wait for the message; empty when there is none
 * @param wallet who pays; null when nobody has to
 * @param topUp attoFIL to add; zero when the escrow covers everything
 */
record FundRound(List<Hold> covered, List<Hold> funded, @Nullable FilAddress wallet, TokenAmount topUp) {

    /**
     * @param counted what is reserved before the round and still lies unlocked in the escrow
     * @param available escrow minus locked, as the chain says
     * @param queued oldest first
     * @param most the largest top-up that a wallet can make now
     */
    static FundRound of(TokenAmount counted, TokenAmount available, List<Hold> queued,
            Function<FilAddress, TokenAmount> most) {
        var covered = new ArrayList<Hold>();
        var funded = new ArrayList<Hold>();
        FilAddress wallet = null;
        TokenAmount sum = counted;
        TokenAmount topUp = TokenAmount.ZERO;
        for (Hold hold : queued) {
            if (hold.state() != HoldState.QUEUED) {
                throw new IllegalArgumentException("a round takes queued holds, this one is " + hold.state());
            }
            TokenAmount missing = sum.plus(hold.amount()).minus(available);
            if (hold.amount().isZero() || !missing.isMoreThan(TokenAmount.ZERO)) {
                covered.add(hold);
                sum = sum.plus(hold.amount());
            } else if ((wallet == null || wallet.equals(hold.wallet()))
                    && !missing.isMoreThan(most.apply(hold.wallet()))) {
                wallet = hold.wallet();
                funded.add(hold);
                sum = sum.plus(hold.amount());
                topUp = missing;
            }
        }
        return new FundRound(List.copyOf(covered), List.copyOf(funded), wallet, topUp);
    }
}
