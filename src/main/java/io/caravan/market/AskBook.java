package io.caravan.market;

import io.caravan.model.FilAddress;
import io.caravan.model.SignedAsk;
import java.util.Optional;

/** The asks that this provider gives out. */
@FunctionalInterface
public interface AskBook {

    /** The signed ask of that miner; empty if it is not ours or has none. */
    Optional<SignedAsk> find(FilAddress miner);
}
