package io.caravan.support;

import io.caravan.codec.Bytes;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundStore;
import io.caravan.store.FundStore.Escrow;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.MessageIntent;
import java.util.List;
import java.util.Set;

/**
 * A market in which every address has the same available, no deal is published and every wallet is rich.
 *
 * @param available escrow minus locked
 */
public record FixedMarket(TokenAmount available) implements FundStore.Market {

    @Override
    public Escrow escrow(FilAddress address, List<Hold> counted) {
        return new Escrow(available, Set.of());
    }

    @Override
    public TokenAmount purse(FilAddress wallet) {
        return TokenAmount.ofFil(1_000_000);
    }

    @Override
    public MessageIntent topUp(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
        return new MessageIntent(key, wallet, FilAddress.MARKET, 2, amount, Bytes.EMPTY, "top up");
    }

    @Override
    public MessageIntent withdrawal(String key, FilAddress wallet, FilAddress address, TokenAmount amount) {
        return new MessageIntent(key, wallet, FilAddress.MARKET, 3, amount, Bytes.EMPTY, "withdraw");
    }
}
