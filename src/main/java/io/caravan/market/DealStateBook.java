package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import java.util.Optional;

/** The provider's deals as their clients may see them; read from committed rows. */
@FunctionalInterface
public interface DealStateBook {

    /** A deal's state, and the client whose signature opens it. */
    record Entry(FilAddress client, ProviderDealState state) {
    }

    Optional<Entry> find(Cid proposalCid);
}
