package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.MinerInfo;
import io.caravan.codec.Bytes;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.WaitsOn;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where a miner can be reached, as it says on chain; asked before every dial, because an upgrade may move it. */
public record MinerPeer(PeerId peer, List<Multiaddr> addresses, FilAddress worker) {

    public MinerPeer {
        addresses = List.copyOf(addresses);
    }

    /**
     * Looks the miner up.
     *
     * @throws RetryableException there is no such miner now, or it has not set its peer id on chain
     */
    public static MinerPeer of(Chain chain, FilAddress miner) {
        MinerInfo info;
        try {
            info = chain.minerInfo(miner);
        } catch (ChainRefusedException e) {
            throw new RetryableException(WaitsOn.CHAIN, "the chain does not know miner " + miner + ": " + e.getMessage(), e);
        }
        String peer = info.peerId();
        if (peer == null) {
            throw new RetryableException(WaitsOn.PEER, "miner " + miner + " has not set its peer id on chain", null);
        }
        try {
            return new MinerPeer(PeerId.parse(peer), addresses(info.multiaddrs()), info.worker());
        } catch (IllegalArgumentException e) {
            throw new RetryableException(WaitsOn.PEER, "miner " + miner + " has a broken peer id on chain: " + e.getMessage(), e);
        }
    }

    /** An address that we cannot read is one that we cannot dial; the others still count. */
    private static List<Multiaddr> addresses(List<Bytes> onChain) {
        return onChain.stream().map(MinerPeer::addressOrNull).filter(Objects::nonNull).toList();
    }

    private static @Nullable Multiaddr addressOrNull(Bytes bytes) {
        try {
            return Multiaddr.ofBytes(bytes.toArray());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
