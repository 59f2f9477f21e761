package io.caravan.deal;

import io.caravan.model.FilAddress;
import io.caravan.model.SignedAsk;
import java.util.Optional;

/** Where a miner's ask lies between two runs. */
public interface AskShelf {

    Optional<SignedAsk> find(FilAddress miner);

    /** Puts the ask in the place of the one before. */
    void save(SignedAsk ask);
}
