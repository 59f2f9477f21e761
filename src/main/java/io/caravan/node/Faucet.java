package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.store.SettingStore;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives new wallets on the home folder's own devnet something to pay with; on any other chain it does nothing. */
final class Faucet {

    private static final Logger LOG = LoggerFactory.getLogger(Faucet.class);
    /** Epochs until coins that were asked for show, with room to spare. */
    private static final long SHOWS_AFTER = 3;

    private Faucet() {}

    /**
     * Fills an empty wallet and waits until the chain shows it; calling it again gives nothing more. That it was asked is
     * written down first: a start after a kill waits for those coins before it asks for others.
     */
    static void fill(RoleCore core, FilAddress wallet) {
        Chain chain = core.chain();
        if (!core.link().isHomeDevnet() || hasCoins(chain, wallet)) {
            return;
        }
        ChainWait wait = new ChainWait(chain, core.timeline());
        SettingStore kept = new SettingStore(core.database().sql(), core.clock());
        String setting = "faucet/" + wallet;
        Optional<Epoch> asked = kept.find(setting).map(Long::parseLong).map(Epoch::of);
        asked.ifPresent(epoch -> wait.until("what the faucet was asked for " + wallet + " before the last stop",
                () -> hasCoins(chain, wallet) || !chain.head().epoch().isBefore(epoch.plus(SHOWS_AFTER))
                        ? Optional.of(wallet) : Optional.empty()));
        if (asked.isPresent() && hasCoins(chain, wallet)) {
            return;
        }
        TokenAmount amount = core.settings().amount("devnet.faucet.amount");
        kept.put(setting, Long.toString(chain.head().epoch().value()));
        core.link().client().call("Devnet.Faucet", wallet.toString(), amount.atto().toString());
        wait.until("the faucet's " + amount + " for " + wallet,
                () -> hasCoins(chain, wallet) ? Optional.of(wallet) : Optional.empty());
        LOG.info("the devnet's faucet gave {} to {}", amount, wallet);
    }

    private static boolean hasCoins(Chain chain, FilAddress wallet) {
        return chain.walletBalance(wallet).compareTo(TokenAmount.ZERO) > 0;
    }
}
