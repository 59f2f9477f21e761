package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.piece.BlockSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The client's deals, as far as the push of their data needs them. */
public interface PushOrders {

    /**
     * @param miner the peer that gets the data
     * @param addresses where it can be dialed; may be empty if the host knows
     * @param payloadCid root of the DAG to push
     * @param totalBytes bytes of the payload as a CAR, if known; for progress only
     */
    record PushOrder(Cid proposalCid, PeerId miner, List<Multiaddr> addresses, Cid payloadCid,
            @Nullable Long totalBytes) {

        public PushOrder {
            addresses = List.copyOf(addresses);
        }
    }

    Optional<PushOrder> find(Cid proposalCid);

    /**
     * The blocks of the order's payload. Called at each start and restart of a transfer; a source that is AutoCloseable
     * is closed after it.
     */
    BlockSource open(PushOrder order) throws IOException;
}
