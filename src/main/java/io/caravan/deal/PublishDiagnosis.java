package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.util.Optional;

/**
 * Why the market would not take a deal, and whether that can pass. The chain says that it drops a deal, seldom why; what
 * the market checks and we can read, we read (deal-lifecycle §7.7). What cannot be told apart is tried again some times.
 */
final class PublishDiagnosis {

    private final Chain chain;

    /** @param isFinal whether trying again cannot help */
    record Problem(String sentence, boolean isFinal) {
    }

    PublishDiagnosis(Chain chain) {
        this.chain = chain;
    }

    /**
     * @param said the chain's own words
     * @param head the epoch now
     */
    Problem of(DealProposal deal, String said, long head) {
        long start = deal.startEpoch().value();
        if (head > start) {
            return new Problem("invalid at publication: the deal started at epoch " + start + ", it is epoch " + head, true);
        }
        if (isOnChain(deal)) {
            return new Problem("invalid at publication: the market holds this proposal already, by a message that is not "
                    + "ours", true);
        }
        return money(deal.client(), deal.clientBalanceRequirement(), "the client's", said)
                .or(() -> money(deal.provider(), deal.providerBalanceRequirement(), "our", said))
                .or(() -> datacap(deal, said))
                .orElseGet(() -> new Problem("invalid at publication: " + said, false));
    }

    /** Whether the market holds the proposal; false also where the node is too old to say. */
    boolean isOnChain(DealProposal deal) {
        return chain.lookupId(deal.client()).flatMap(client -> chain.isPending(deal.withClient(client))).orElse(false);
    }

    private Optional<Problem> money(FilAddress address, TokenAmount needed, String whose, String said) {
        MarketBalance balance = chain.marketBalance(address);
        return balance.available().isLessThan(needed) ? Optional.of(new Problem("invalid at publication: "
                + whose + " escrow holds " + balance.available() + " free, the deal needs " + needed + " (" + said + ")",
                false)) : Optional.empty();
    }

    private Optional<Problem> datacap(DealProposal deal, String said) {
        if (!deal.isVerified()) {
            return Optional.empty();
        }
        BigInteger has = chain.verifiedDatacap(deal.client()).orElse(BigInteger.ZERO);
        return has.compareTo(BigInteger.valueOf(deal.pieceSize().bytes())) >= 0 ? Optional.empty()
                : Optional.of(new Problem("invalid at publication: the client has datacap for " + has
                + " bytes, the piece has " + deal.pieceSize().bytes() + " (" + said + ")", false));
    }
}
