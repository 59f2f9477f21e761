package io.caravan.market;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.DealState;
import org.jspecify.annotations.Nullable;

/**
 * The provider's word on a proposal: {@code WAITING_FOR_DATA} accepts it, {@code FAILING} refuses it, any other state
 * is where a known deal stands. Map {@code a4}: State, Message, Proposal, PublishMessage (wire-protocols §5.2, §5.4).
 *
 * @param message the reason of a refusal, for people; at most 8192 bytes
 */
public record ProposalResponse(DealState state, String message, Cid proposalCid, @Nullable Cid publishCid) {

    static final int MAX_MESSAGE = 8192;

    public boolean isAccepted() {
        return state == DealState.WAITING_FOR_DATA;
    }

    byte[] toCbor() {
        return new CborWriter().map(4).text("State").uint(state.code()).text("Message")
                .text(Texts.atMost(message, MAX_MESSAGE))
                .text("Proposal").cid(proposalCid).text("PublishMessage").cidOrNull(publishCid).toByteArray();
    }

    static ProposalResponse ofCbor(byte[] data) {
        CborFields fields = CborFields.of(data);
        return new ProposalResponse(States.ofCode(fields.uint("State")), fields.text("Message", MAX_MESSAGE),
                fields.required("Proposal", CborReader::cid), fields.cid("PublishMessage"));
    }
}
