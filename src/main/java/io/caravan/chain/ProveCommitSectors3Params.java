package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Miner method 34: {@code 86 [[sector manifest…], [proof…], aggregateProof, aggregateType|null,
 * requireActivationSuccess, requireNotificationSuccess]}; exactly one of proofs and aggregate is there. The return is a
 * {@link BatchReturn} (chain-and-rpc §4.3).
 */
public record ProveCommitSectors3Params(List<SectorActivationManifest> sectors, List<Bytes> proofs,
        Bytes aggregateProof,
        @Nullable Long aggregateType, boolean isActivationRequired, boolean isNotificationRequired) {

    private static final int MAX_PROOF = 128 << 10;

    public ProveCommitSectors3Params {
        sectors = List.copyOf(sectors);
        proofs = List.copyOf(proofs);
    }

    /** One proof a sector, a failed activation fails the message, and so does a deal that the market does not take. */
    public static ProveCommitSectors3Params of(List<SectorActivationManifest> sectors, List<Bytes> proofs) {
        return new ProveCommitSectors3Params(sectors, proofs, Bytes.EMPTY, null, true, true);
    }

    /** Whether a deal that the market does not take fails the message, or only that deal. */
    public ProveCommitSectors3Params withNotificationRequired(boolean isRequired) {
        return new ProveCommitSectors3Params(sectors, proofs, aggregateProof, aggregateType, isActivationRequired,
                isRequired);
    }

    /** Whether a sector that cannot be activated fails the message, or only itself. */
    public ProveCommitSectors3Params withActivationRequired(boolean isRequired) {
        return new ProveCommitSectors3Params(sectors, proofs, aggregateProof, aggregateType, isRequired,
                isNotificationRequired);
    }

    public void writeTo(CborWriter out) {
        out.array(6);
        Tuple.list(out, sectors, sector -> sector.writeTo(out));
        Tuple.list(out, proofs, out::bytes);
        out.bytes(aggregateProof);
        if (aggregateType == null) {
            out.nul();
        } else {
            out.integer(aggregateType);
        }
        out.bool(isActivationRequired).bool(isNotificationRequired);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static ProveCommitSectors3Params readFrom(CborReader in) {
        in.tuple(6);
        return new ProveCommitSectors3Params(Tuple.list(in, SectorActivationManifest::readFrom),
                Tuple.list(in, proof -> Bytes.wrap(proof.bytes(MAX_PROOF))), Bytes.wrap(in.bytes(MAX_PROOF)), type(in),
                in.bool(), in.bool());
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly these parameters */
    public static ProveCommitSectors3Params ofCbor(byte[] cbor) {
        return Tuple.read(cbor, ProveCommitSectors3Params::readFrom);
    }

    private static @Nullable Long type(CborReader in) {
        if (in.isNull()) {
            in.nul();
            return null;
        }
        return in.integer();
    }
}
