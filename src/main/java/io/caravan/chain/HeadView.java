package io.caravan.chain;

import io.caravan.model.CollateralBounds;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.util.Optional;

/**
 * What a proposal is judged by: the chain at its present head. {@link Chain} asks for each answer, {@link ChainMemory} asks
 * once a head. Failures are those of {@link Chain}.
 */
public interface HeadView {

    /** The heaviest tipset now. */
    TipSet head();

    /** The network's name and timing; asked once and remembered. */
    NetworkParams networkParams();

    /** Coins of an account in attoFIL; zero for an address the chain does not know. */
    TokenAmount walletBalance(FilAddress address);

    /** Escrow and locked funds in the market actor; zeros for an address the chain does not know. */
    MarketBalance marketBalance(FilAddress address);

    /** What the chain knows of a miner. Refused when there is no such miner actor. */
    MinerInfo minerInfo(FilAddress miner);

    /** The ID address of any address; empty when the chain has no such actor. */
    Optional<FilAddress> lookupId(FilAddress address);

    /** The key address (f1 or f3) behind an account; key addresses are returned as they are. */
    FilAddress accountKey(FilAddress address);

    /** The provider collateral that publishing accepts, attoFIL; the minimum already carries Lotus's ten percent. */
    CollateralBounds collateralBounds(PaddedPieceSize pieceSize, boolean verified);

    /** Verified datacap in bytes; empty when the address is not a verified client. */
    Optional<BigInteger> verifiedDatacap(FilAddress client);

    /**
     * Whether the market holds this proposal as pending: published, and its start not yet behind the market's look.
     *
     * @param proposal client and provider as ID addresses
     * @return empty when the node is too old to be asked
     */
    Optional<Boolean> isPending(DealProposal proposal);

    /**
     * From now on every answer is asked for anew, whatever was remembered.
     *
     * @return whether anything was; false of what remembers nothing
     */
    default boolean renew() {
        return false;
    }
}
