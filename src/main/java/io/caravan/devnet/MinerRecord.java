package io.caravan.devnet;

import io.caravan.chain.BitField;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.TokenAmount;
import java.util.ArrayList;
import java.util.List;

/**
 * What a miner actor holds beside its balance.
 *
 * @param owner actor id, as are worker and controls
 * @param peerId libp2p identity in bytes, empty until set
 * @param windowPostProof registered type, which fixes the sector size
 * @param deposits locked for pre-commits, attoFIL
 * @param pledge locked for proven sectors, attoFIL
 * @param allocated every sector number ever used
 */
record MinerRecord(long owner, long worker, List<Long> controls, Bytes peerId, List<Bytes> multiaddrs,
        long windowPostProof,
        TokenAmount deposits, TokenAmount pledge, BitField allocated) {

    MinerRecord {
        controls = List.copyOf(controls);
        multiaddrs = List.copyOf(multiaddrs);
    }

    static MinerRecord of(long owner, long worker, long windowPostProof) {
        return new MinerRecord(owner, worker, List.of(), Bytes.EMPTY, List.of(), windowPostProof, TokenAmount.ZERO,
                TokenAmount.ZERO, BitField.EMPTY);
    }

    boolean mayAct(long actor) {
        return actor == owner || actor == worker || controls.contains(actor);
    }

    /** What the miner may not spend, attoFIL. */
    TokenAmount locked() {
        return deposits.plus(pledge);
    }

    MinerRecord withKeys(long newOwner, long newWorker) {
        return new MinerRecord(newOwner, newWorker, controls, peerId, multiaddrs, windowPostProof, deposits, pledge,
                allocated);
    }

    MinerRecord withPeerId(Bytes next) {
        return new MinerRecord(owner, worker, controls, next, multiaddrs, windowPostProof, deposits, pledge, allocated);
    }

    MinerRecord withMultiaddrs(List<Bytes> next) {
        return new MinerRecord(owner, worker, controls, peerId, next, windowPostProof, deposits, pledge, allocated);
    }

    MinerRecord withAllocated(BitField next) {
        return new MinerRecord(owner, worker, controls, peerId, multiaddrs, windowPostProof, deposits, pledge, next);
    }

    MinerRecord plus(TokenAmount moreDeposits, TokenAmount morePledge) {
        return new MinerRecord(owner, worker, controls, peerId, multiaddrs, windowPostProof,
                deposits.plus(moreDeposits),
                pledge.plus(morePledge), allocated);
    }

    void writeTo(CborWriter out) {
        out.array(9).uint(owner).uint(worker).array(controls.size());
        controls.forEach(out::uint);
        out.bytes(peerId).array(multiaddrs.size());
        multiaddrs.forEach(out::bytes);
        out.uint(windowPostProof);
        deposits.writeTo(out);
        pledge.writeTo(out);
        allocated.writeTo(out);
    }

    static MinerRecord readFrom(CborReader in) {
        in.tuple(9);
        long owner = in.uint();
        long worker = in.uint();
        List<Long> controls = new ArrayList<>();
        for (int i = in.array(); i > 0; i--) {
            controls.add(in.uint());
        }
        Bytes peerId = Bytes.wrap(in.bytes(1024));
        List<Bytes> multiaddrs = new ArrayList<>();
        for (int i = in.array(); i > 0; i--) {
            multiaddrs.add(Bytes.wrap(in.bytes(1024)));
        }
        return new MinerRecord(owner, worker, controls, peerId, multiaddrs, in.uint(), TokenAmount.readFrom(in),
                TokenAmount.readFrom(in), BitField.readFrom(in));
    }
}
