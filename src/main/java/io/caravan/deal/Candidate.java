package io.caravan.deal;

import io.caravan.chain.HeadView;
import io.caravan.chain.MinerInfo;
import io.caravan.crypto.CryptoException;
import io.caravan.market.AskBook;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.RejectedException;
import io.caravan.model.SignedProposal;
import io.caravan.model.StorageAsk;
import org.jspecify.annotations.Nullable;

/**
 * A proposal under examination and what of our own it is measured against. The chain is asked at the first check that
 * needs it, and once: what the bytes alone tell is refused without it.
 */
final class Candidate {

    private final Deal deal;
    private final HeadView chain;
    private final AskBook asks;
    private final FilAddress ours;
    private @Nullable Epoch head;
    private @Nullable MinerInfo miner;
    private @Nullable StorageAsk ask;

    /** @param ours our miner actor, ID form */
    Candidate(Deal deal, HeadView chain, AskBook asks, FilAddress ours) {
        this.deal = deal;
        this.chain = chain;
        this.asks = asks;
        this.ours = ours;
    }

    Deal deal() {
        return deal;
    }

    SignedProposal signed() {
        return deal.proposal();
    }

    DealProposal proposal() {
        return deal.proposal().proposal();
    }

    DataRef data() {
        return deal.dataRef();
    }

    FilAddress ours() {
        return ours;
    }

    /** Whether the data comes by other means than the network. */
    boolean isOffline() {
        return data().transferType().equals(DataRef.MANUAL);
    }

    /** The chain's epoch when the examination first needed it. */
    long head() {
        if (head == null) {
            head = chain.head().epoch();
        }
        return head.value();
    }

    /** Epochs; only of proposals whose start is not negative, else the difference may not fit. */
    long duration() {
        return proposal().duration();
    }

    /** Padded bytes of our sectors. */
    long sectorSize() {
        if (miner == null) {
            miner = chain.minerInfo(ours);
        }
        return miner.sectorSize();
    }

    StorageAsk ask() {
        if (ask == null) {
            ask = asks.find(ours).orElseThrow(() -> new RejectedException("V14 no-ask: this miner has set no price",
                    "set one with set-ask")).ask();
        }
        return ask;
    }

    /** The key address that must have signed. */
    FilAddress signer() {
        FilAddress client = proposal().client();
        if (client.isId()) {
            return chain.accountKey(client);
        }
        if (client.protocol() == FilAddress.ACTOR) {
            throw new CryptoException(client + " is no account");
        }
        return client;
    }
}
