package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.Signature;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block header, all sixteen fields in order (chain-and-rpc §3.4). Its CID is what tipset keys and {@code Parents}
 * name.
 *
 * @param ticket VRF proof of the ticket; null in a genesis block
 * @param timestamp seconds since 1970
 * @param blockSig null only in the form that is signed
 */
public record BlockHeader(FilAddress miner, @Nullable Bytes ticket, @Nullable ElectionProof electionProof,
        List<BeaconEntry> beaconEntries, List<PostProof> winPostProof, List<Cid> parents, BigInteger parentWeight,
        long height,
        Cid parentStateRoot, Cid parentMessageReceipts, Cid messages, @Nullable Signature blsAggregate, long timestamp,
        @Nullable Signature blockSig, long forkSignaling, TokenAmount parentBaseFee) {

    private static final int FIELDS = 16;
    private static final int MAX_BYTES = 2 << 20;

    /** How often the miner won, and its proof. */
    public record ElectionProof(long winCount, Bytes vrfProof) {
    }

    /** One round of the beacon. */
    public record BeaconEntry(long round, Bytes data) {
    }

    /** One proof of the winning PoSt. */
    public record PostProof(long type, Bytes proof) {
    }

    public BlockHeader {
        beaconEntries = List.copyOf(beaconEntries);
        winPostProof = List.copyOf(winPostProof);
        parents = List.copyOf(parents);
    }

    public Cid cid() {
        return Cid.dagCborBlake2b(toCbor());
    }

    public void writeTo(CborWriter out) {
        out.array(FIELDS);
        miner.writeTo(out);
        if (ticket == null) {
            out.nul();
        } else {
            out.array(1).bytes(ticket);
        }
        if (electionProof == null) {
            out.nul();
        } else {
            out.array(2).integer(electionProof.winCount()).bytes(electionProof.vrfProof());
        }
        Tuple.list(out, beaconEntries, entry -> out.array(2).uint(entry.round()).bytes(entry.data()));
        Tuple.list(out, winPostProof, proof -> out.array(2).integer(proof.type()).bytes(proof.proof()));
        Tuple.list(out, parents, out::cid);
        out.bigInt(parentWeight).integer(height).cid(parentStateRoot).cid(parentMessageReceipts).cid(messages);
        signature(out, blsAggregate);
        out.uint(timestamp);
        signature(out, blockSig);
        out.uint(forkSignaling).bigInt(parentBaseFee.atto());
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static BlockHeader readFrom(CborReader in) {
        in.tuple(FIELDS);
        return new BlockHeader(FilAddress.readFrom(in), ticket(in), election(in), Tuple.list(in, entry -> {
            entry.tuple(2);
            return new BeaconEntry(entry.uint(), Bytes.wrap(entry.bytes(MAX_BYTES)));
        }), Tuple.list(in, proof -> {
            proof.tuple(2);
            return new PostProof(proof.integer(), Bytes.wrap(proof.bytes(MAX_BYTES)));
        }), Tuple.list(in, CborReader::cid), in.bigInt(), in.integer(), in.cid(), in.cid(), in.cid(), signature(in),
                in.uint(),
                signature(in), in.uint(), TokenAmount.readFrom(in));
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly one header */
    public static BlockHeader ofCbor(byte[] cbor) {
        return Tuple.read(cbor, BlockHeader::readFrom);
    }

    private static @Nullable Bytes ticket(CborReader in) {
        if (in.isNull()) {
            in.nul();
            return null;
        }
        in.tuple(1);
        return Bytes.wrap(in.bytes(MAX_BYTES));
    }

    private static @Nullable ElectionProof election(CborReader in) {
        if (in.isNull()) {
            in.nul();
            return null;
        }
        in.tuple(2);
        return new ElectionProof(in.integer(), Bytes.wrap(in.bytes(MAX_BYTES)));
    }

    private static @Nullable Signature signature(CborReader in) {
        if (in.isNull()) {
            in.nul();
            return null;
        }
        return Signature.readFrom(in);
    }

    private static void signature(CborWriter out, @Nullable Signature signature) {
        if (signature == null) {
            out.nul();
        } else {
            signature.writeTo(out);
        }
    }
}
