package io.caravan.chain;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.Cid;
import io.caravan.model.DealProposal;
import io.caravan.model.Epoch;
import org.jspecify.annotations.Nullable;

/**
 * What a Lotus miner has to know of a piece's deal (spec sealing 5.6): the published deal, as our deals all are, and no
 * manifest.
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record PieceDealInfo(
        @JsonProperty("PublishCid") Cid publishCid,
        @JsonProperty("DealID") long dealId,
        @JsonProperty("DealProposal") DealProposal proposal,
        @JsonProperty("DealSchedule") Schedule schedule,
        @JsonProperty("PieceActivationManifest") @Nullable Void manifest,
        @JsonProperty("KeepUnsealed") boolean keepUnsealed) {

    /** From when to when the sector has to hold it. */
    public record Schedule(@JsonProperty("StartEpoch") Epoch startEpoch, @JsonProperty("EndEpoch") Epoch endEpoch) {
    }

    public static PieceDealInfo of(Cid publishCid, long dealId, DealProposal proposal, boolean keepUnsealed) {
        return new PieceDealInfo(publishCid, dealId, proposal,
                new Schedule(proposal.startEpoch(), proposal.endEpoch()), null, keepUnsealed);
    }
}
