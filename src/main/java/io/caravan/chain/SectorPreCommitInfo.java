package io.caravan.chain;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.SectorNumber;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One sector of a pre-commit: {@code 87 [sealProof, sector, sealedCID, sealRandEpoch, [dealIDs], expiration,
 * unsealedCID|null]} (chain-and-rpc §4.3).
 *
 * @param sealProof registered proof type, 5 is 2 KiB V1_1
 * @param sealRandEpoch epoch of the ticket; may be negative on a young chain
 * @param dealIds always empty on today's networks: proving refuses a pre-commit that carries any
 * @param unsealed CommD; null for a sector of zeros
 */
public record SectorPreCommitInfo(
        @JsonProperty("SealProof") long sealProof,
        @JsonProperty("SectorNumber") SectorNumber sector,
        @JsonProperty("SealedCID") Cid sealed,
        @JsonProperty("SealRandEpoch") long sealRandEpoch,
        @JsonProperty("DealIDs") List<Long> dealIds,
        @JsonProperty("Expiration") long expiration,
        @JsonProperty("UnsealedCid") @Nullable Cid unsealed) {

    public SectorPreCommitInfo {
        dealIds = dealIds == null ? List.of() : List.copyOf(dealIds);
    }

    public void writeTo(CborWriter out) {
        out.array(7).integer(sealProof).uint(sector.value()).cid(sealed).integer(sealRandEpoch);
        Tuple.list(out, dealIds, out::uint);
        out.integer(expiration).cidOrNull(unsealed);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static SectorPreCommitInfo readFrom(CborReader in) {
        in.tuple(7);
        return new SectorPreCommitInfo(in.integer(), SectorNumber.of(in.uint()), in.cid(), in.integer(),
                Tuple.list(in, CborReader::uint), in.integer(), in.cidOrNull());
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly one such sector */
    public static SectorPreCommitInfo ofCbor(byte[] cbor) {
        return Tuple.read(cbor, SectorPreCommitInfo::readFrom);
    }
}
