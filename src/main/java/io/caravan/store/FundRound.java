package io.caravan.store;

import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.HoldState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One round of the fund manager (spec deal-lifecycle 9.2) as arithmetic: which queued holds the escrow covers, and
 * what has to be added for the others. All that are topped up in one round are paid by one wallet; holds of other
 * wallets stay queued.
 *
 * @param covered need no message
 * @param funded wait for the message; empty when there is none
 * @param wallet who pays; null when nobody has to
 * @param topUp attoFIL to add; zero when the escrow covers everything
 * @param reserved what is reserved after the round
 */
record FundRound(List<Hold> covered, List<Hold> funded, @Nullable FilAddress wallet, TokenAmount topUp,
        TokenAmount reserved) {

    /**
     * @param reserved before the round
     * @param available escrow minus locked, as the chain says
     * @param queued oldest first
     */
    static FundRound of(TokenAmount reserved, TokenAmount available, List<Hold> queued) {
        var covered = new ArrayList<Hold>();
        var toAdd = new ArrayList<Hold>();
        FilAddress wallet = null;
        TokenAmount sum = reserved;
        for (Hold hold : queued) {
            if (hold.state() != HoldState.QUEUED) {
                throw new IllegalArgumentException("a round takes queued holds, this one is " + hold.state());
            }
            if (hold.amount().isZero()) {
                covered.add(hold);
            } else if (wallet == null || wallet.equals(hold.wallet())) {
                wallet = hold.wallet();
                toAdd.add(hold);
                sum = sum.plus(hold.amount());
            }
        }
        TokenAmount missing = sum.minus(available);
        if (toAdd.isEmpty() || !missing.isMoreThan(TokenAmount.ZERO)) {
            covered.addAll(toAdd);
            return new FundRound(List.copyOf(covered), List.of(), null, TokenAmount.ZERO, sum);
        }
        return new FundRound(List.copyOf(covered), List.copyOf(toAdd), wallet, missing, sum);
    }
}
