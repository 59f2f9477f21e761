package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.codec.Bytes;
import io.caravan.market.AnswerSigner;
import io.caravan.market.AskBook;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SignedAsk;
import io.caravan.model.StorageAsk;
import io.caravan.model.TokenAmount;
import io.caravan.store.AskStore;
import java.util.Optional;

/**
 * Our miner's price list: numbered, dated by the chain and signed by the worker each time it is set (deal-lifecycle
 * §7.2).
 */
public final class AskKeeper implements AskBook {

    private final Chain chain;
    private final AskStore store;
    private final AnswerSigner signer;
    private final FilAddress ours;

    /**
     * What the operator sets.
     *
     * @param price attoFIL per GiB and epoch
     * @param verifiedPrice the same for verified deals
     * @param duration epochs until the ask expires
     */
    public record Terms(TokenAmount price, TokenAmount verifiedPrice, long duration, PaddedPieceSize minPieceSize,
            PaddedPieceSize maxPieceSize) {

        public Terms {
            if (price.isNegative() || verifiedPrice.isNegative()) {
                throw new IllegalArgumentException("a price is negative");
            }
            if (duration < 1) {
                throw new IllegalArgumentException("an ask cannot last " + duration + " epochs");
            }
            minPieceSize.checked();
            maxPieceSize.checked();
            if (minPieceSize.compareTo(maxPieceSize) > 0) {
                throw new IllegalArgumentException("the smallest piece " + minPieceSize + " is bigger than the biggest "
                        + maxPieceSize);
            }
        }
    }

    public AskKeeper(Chain chain, AskStore store, AnswerSigner signer, FilAddress ours) {
        this.chain = chain;
        this.store = store;
        this.signer = signer;
        this.ours = ours;
    }

    @Override
    public Optional<SignedAsk> find(FilAddress miner) {
        return miner.equals(ours) ? store.find(ours) : Optional.empty();
    }

    /** Signs and publishes new terms under the next number; the first has number 0. */
    public SignedAsk set(Terms terms) {
        if (terms.maxPieceSize().bytes() > chain.minerInfo(ours).sectorSize()) {
            throw new IllegalArgumentException("the biggest piece " + terms.maxPieceSize()
                    + " does not fit our sectors");
        }
        Epoch head = chain.head().epoch();
        long number = store.find(ours).map(before -> before.ask().seqNo() + 1).orElse(0L);
        StorageAsk ask = new StorageAsk(terms.price(), terms.verifiedPrice(), terms.minPieceSize(),
                terms.maxPieceSize(), ours,
                head, head.plus(terms.duration()), number);
        SignedAsk signed = new SignedAsk(ask, signer.sign(Bytes.wrap(ask.toCbor())));
        store.save(signed);
        return signed;
    }
}
