package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.StoredMessage;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One address's money at one head, our rows beside the chain's. What holds at every epoch:
 * {@code reserved + free = escrow − locked + onItsWay}, and {@code free} is never negative.
 *
 * @param holds the open holds, those that wait included
 * @param locked of those, the deals whose money the chain has locked already
 * @param reserved sum of the counted holds that the chain has not locked
 * @param rowsSay what the account's row has as the sum of its counted holds
 * @param message the one message in flight; null when there is none
 * @param onItsWay what that message will add and has not yet; negative for a withdrawal
 */
public record FundBooks(FilAddress address, Epoch head, MarketBalance balance, List<Hold> holds, Set<Cid> locked,
        TokenAmount reserved, TokenAmount rowsSay, @Nullable StoredMessage message, TokenAmount onItsWay) {

    public FundBooks {
        holds = List.copyOf(holds);
        locked = Set.copyOf(locked);
    }

    /** What nobody has reserved. */
    public TokenAmount free() {
        return balance.available().plus(onItsWay).minus(reserved);
    }

    /** What is wrong, in one sentence with both sides' figures; null when nothing is. */
    public @Nullable String violation() {
        TokenAmount rows = holds.stream().filter(Hold::isCounted).map(Hold::amount)
                .reduce(TokenAmount.ZERO, TokenAmount::plus);
        if (!rows.equals(rowsSay)) {
            return "the account of " + address + " says " + rowsSay + " reserved, its holds are " + rows;
        }
        if (free().isNegative()) {
            return "the escrow of " + address + " at epoch " + head + ": " + balance.escrow() + " less " + balance.locked()
                    + " locked and " + onItsWay + " on its way is less than the " + reserved + " reserved";
        }
        return null;
    }
}
