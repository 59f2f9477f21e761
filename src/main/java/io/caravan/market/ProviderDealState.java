package io.caravan.market;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import org.jspecify.annotations.Nullable;

/**
 * A deal as its provider sees it. Map {@code a8}: State, DealID, Message, Proposal, PublishCid, AddFundsCid,
 * ProposalCid, FastRetrieval (wire-protocols §5.2). A null {@code proposalCid} means that the provider could not
 * answer: it is no state of a deal (deal-lifecycle §11.2).
 *
 * @param dealId the chain's number, 0 until published
 */
public record ProviderDealState(DealState state, String message, @Nullable DealProposal proposal,
                                @Nullable Cid proposalCid, @Nullable Cid addFundsCid, @Nullable Cid publishCid,
                                long dealId, boolean fastRetrieval) {

    static final String NO_SUCH_PROPOSAL = "no such proposal";
    static final String INTERNAL_ERROR = "internal error";

    /** The provider's signed "I cannot say": state ERROR and no proposal CID. */
    static ProviderDealState unanswered(String message) {
        return new ProviderDealState(DealState.ERROR, message, null, null, null, null, 0, false);
    }

    /** Whether this speaks of a deal at all. */
    public boolean isAnswer() {
        return proposalCid != null;
    }

    /** Whether the provider said, in its signed words, that it knows no such deal. */
    public boolean isUnknownProposal() {
        return proposalCid == null && NO_SUCH_PROPOSAL.equals(message);
    }

    /** Keys by length, as today's peers emit and sign them. */
    byte[] toCbor() {
        CborWriter out = new CborWriter().map(8);
        state(out);
        dealId(out);
        message(out);
        proposal(out);
        out.text("PublishCid").cidOrNull(publishCid).text("AddFundsCid").cidOrNull(addFundsCid)
                .text("ProposalCid").cidOrNull(proposalCid);
        return fastRetrieval(out).toByteArray();
    }

    /** Keys as declared, the order that peers of before 2023 sign (wire-protocols §5.6). */
    byte[] toCborAsDeclared() {
        CborWriter out = new CborWriter().map(8);
        state(out);
        message(out);
        proposal(out);
        out.text("ProposalCid").cidOrNull(proposalCid).text("AddFundsCid").cidOrNull(addFundsCid)
                .text("PublishCid").cidOrNull(publishCid);
        dealId(out);
        return fastRetrieval(out).toByteArray();
    }

    private void state(CborWriter out) {
        out.text("State").uint(state.code());
    }

    private void dealId(CborWriter out) {
        out.text("DealID").unsigned(dealId);
    }

    private void message(CborWriter out) {
        out.text("Message").text(Texts.atMost(message, ProposalResponse.MAX_MESSAGE));
    }

    private void proposal(CborWriter out) {
        out.text("Proposal");
        if (proposal == null) {
            out.nul();
        } else {
            proposal.writeTo(out);
        }
    }

    private CborWriter fastRetrieval(CborWriter out) {
        return out.text("FastRetrieval").bool(fastRetrieval);
    }

    static ProviderDealState ofCbor(byte[] data) {
        CborFields fields = CborFields.of(data);
        return new ProviderDealState(States.ofCode(fields.uint("State")),
                fields.text("Message", ProposalResponse.MAX_MESSAGE),
                fields.optional("Proposal", DealProposal::readFrom), fields.cid("ProposalCid"),
                fields.cid("AddFundsCid"), fields.cid("PublishCid"), fields.orElse("DealID", 0L, CborReader::unsigned),
                fields.bool("FastRetrieval"));
    }
}
