package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.model.FilAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the chain knows of a miner (StateMinerInfo): who may act for it, where its libp2p host is, how big its sectors
 * are.
 *
 * @param peerId base58 peer id, null until the miner has set it on chain
 * @param multiaddrs binary multiaddrs as stored on chain
 * @param windowPostProofType the registered proof type that fixes the sector size
 * @param sectorSize bytes, padded
 */
public record MinerInfo(FilAddress owner, FilAddress worker, List<FilAddress> controls, @Nullable String peerId,
        List<Bytes> multiaddrs, int windowPostProofType, long sectorSize) {

    public MinerInfo {
        controls = List.copyOf(controls);
        multiaddrs = List.copyOf(multiaddrs);
    }

    /** Whether this ID address may publish deals and prove sectors for the miner (chain-and-rpc §4.2). */
    public boolean mayAct(FilAddress id) {
        return id.equals(worker) || id.equals(owner) || controls.contains(id);
    }
}
