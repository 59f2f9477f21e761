package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives new wallets on the home folder's own devnet something to pay with; on any other chain it does nothing. */
final class Faucet {

    private static final Logger LOG = LoggerFactory.getLogger(Faucet.class);

    private Faucet() {}

    /** Fills an empty wallet and waits until the chain shows it; calling it again gives nothing more. */
    static void fill(RoleCore core, FilAddress wallet) {
        Chain chain = core.chain();
        if (!core.link().isHomeDevnet() || hasCoins(chain, wallet)) {
            return;
        }
        TokenAmount amount = core.settings().amount("devnet.faucet.amount");
        core.link().client().call("Devnet.Faucet", wallet.toString(), amount.atto().toString());
        new ChainWait(chain, core.timeline()).until("the faucet's " + amount + " for " + wallet,
                () -> hasCoins(chain, wallet) ? Optional.of(wallet) : Optional.empty());
        LOG.info("the devnet's faucet gave {} to {}", amount, wallet);
    }

    private static boolean hasCoins(Chain chain, FilAddress wallet) {
        return chain.walletBalance(wallet).compareTo(TokenAmount.ZERO) > 0;
    }
}
