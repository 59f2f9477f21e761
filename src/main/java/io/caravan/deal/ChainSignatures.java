package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.codec.Bytes;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.Signatures;
import io.caravan.market.AnswerVerifier;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;

/** Checks the market's signatures against the keys that the chain knows for miners and accounts. */
public final class ChainSignatures implements AnswerVerifier {

    private final Chain chain;

    public ChainSignatures(Chain chain) {
        this.chain = chain;
    }

    @Override
    public boolean isByWorker(FilAddress miner, Bytes signed, Signature signature) {
        return isBy(chain.minerInfo(miner).worker(), signed, signature);
    }

    /** An account that the chain does not know, or that has no key of its own, signed nothing. */
    @Override
    public boolean isBy(FilAddress account, Bytes signed, Signature signature) {
        try {
            return Signatures.verify(signature, account.isKey() ? account : chain.accountKey(account),
                    signed.toArray());
        } catch (ChainRefusedException | CryptoException e) {
            return false;
        }
    }
}
