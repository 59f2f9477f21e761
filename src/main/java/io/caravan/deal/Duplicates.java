package io.caravan.deal;

import io.caravan.chain.HeadView;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.AcceptanceStore.Terms;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The same terms under another signature make another proposal CID, but the chain takes them once (deal-lifecycle §7.6,
 * V20). Terms are compared as the chain does, with addresses as IDs; the chain forgets them when it activates or drops
 * the deal, our own row when the deal ends.
 */
final class Duplicates {

    static final String CODE = "V20";
    static final String NAME = "duplicate-proposal";

    /** States of an accepted deal that is neither failing nor over. */
    static final Set<DealState> LIVE = Arrays.stream(DealState.values())
            .filter(state -> !state.isFinal() && !EnumSet.of(DealState.UNKNOWN, DealState.VALIDATING,
                    DealState.ACCEPT_WAIT, DealState.REJECTING, DealState.FAILING).contains(state))
            .collect(Collectors.toUnmodifiableSet());

    private final HeadView chain;
    private final AcceptanceStore accepted;

    Duplicates(HeadView chain, AcceptanceStore accepted) {
        this.chain = chain;
        this.accepted = accepted;
    }

    /** Notes the proposal's terms, and names another deal that has them: one of ours, or one that the chain waits for. */
    Optional<String> fault(Candidate candidate) {
        Deal deal = candidate.deal();
        DealProposal proposal = candidate.proposal();
        DealProposal byId = proposal.withClient(chain.lookupId(proposal.client()).orElse(proposal.client()));
        Terms terms = new Terms(byId.client(), byId.cid());
        accepted.noteTerms(deal.proposalCid(), terms);
        return accepted.rival(deal.proposalCid(), terms.termsCid(), LIVE).map(Duplicates::fault)
                .or(() -> chain.isPending(byId).filter(isPending -> isPending).map(yes -> "it is on chain already"));
    }

    /** What a deal's proposal is to the chain, as its check has noted it. */
    static Terms termsOf(AcceptanceStore accepted, Deal deal) {
        DealProposal proposal = deal.proposal().proposal();
        return accepted.findTerms(deal.proposalCid()).orElseGet(() -> new Terms(proposal.client(), proposal.cid()));
    }

    /** The fault of a deal whose terms that other accepted deal has. */
    static String fault(Cid rival) {
        return "deal " + rival + " has the same terms";
    }
}
