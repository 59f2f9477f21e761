package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.model.DealState;
import io.caravan.model.PaddedPieceSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The provider's deals, as far as the push of their data needs them; read from committed rows. */
@FunctionalInterface
public interface PushDeals {

    /**
     * @param payloadCid the root the client declared in its proposal's data reference
     * @param client the peer that made the proposal; only it may push
     * @param pieceSize the piece the CAR must fit into
     * @param stagingCar where the CARv1 is written; its folder exists, the file may
     * @param carBytes bytes of the CAR as the client declared them, for progress only; null if it did not
     */
    record PushDeal(Cid proposalCid, Cid payloadCid, PeerId client, DealState state, PaddedPieceSize pieceSize,
            Path stagingCar, @Nullable Long carBytes) {
    }

    /** The deal as committed; empty if there is none, or none whose data is pushed. */
    Optional<PushDeal> find(Cid proposalCid);

    /** The deal once it is decided whether it is wanted, waiting for that at most so long; else as it is then. */
    default Optional<PushDeal> awaitDecided(Cid proposalCid, Duration longest) {
        return find(proposalCid);
    }
}
