package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.model.DealState;
import io.caravan.model.PaddedPieceSize;
import java.nio.file.Path;
import java.util.Optional;

/** The provider's deals, as far as the push of their data needs them; read from committed rows. */
@FunctionalInterface
public interface PushDeals {

    /**
     * @param payloadCid the root the client declared in its proposal's data reference
     * @param client the peer that made the proposal; only it may push
     * @param pieceSize the piece the CAR must fit into
     * @param stagingCar where the CARv1 is written; its folder exists, the file may
     */
    record PushDeal(Cid proposalCid, Cid payloadCid, PeerId client, DealState state, PaddedPieceSize pieceSize,
            Path stagingCar) {
    }

    Optional<PushDeal> find(Cid proposalCid);
}
