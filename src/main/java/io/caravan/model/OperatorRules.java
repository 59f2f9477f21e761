package io.caravan.model;

import static io.caravan.model.DealState.*;

import io.caravan.model.OperationRefusedException.Reason;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * When an operator's word may be obeyed. Until a publish message exists a deal is ours to end or to take back; from then on
 * the chain owns it (spec deal-lifecycle 11.5, I4).
 */
public final class OperatorRules {

    /** What a cancelled transfer's deal says, on both sides. */
    public static final String CANCELLED = "data transfer cancelled";

    private static final int LONGEST_REASON = 200;
    private static final Set<DealState> ENDING = EnumSet.of(FAILING, REJECTING);
    private static final Set<DealState> PUBLISHED = EnumSet.of(PUBLISHING, STAGED, PROPOSAL_ACCEPTED, AWAITING_PRE_COMMIT,
            SEALING, FINALIZING, ACTIVE);
    /** What the provider says once it has all the data and may publish without asking again. */
    private static final Set<DealState> HAS_DATA = EnumSet.of(VERIFY_DATA, RESERVE_PROVIDER_FUNDS, PROVIDER_FUNDING, PUBLISH,
            PUBLISHING, STAGED, AWAITING_PRE_COMMIT, SEALING, FINALIZING, ACTIVE, EXPIRED, SLASHED);
    private static final Set<DealState> ACTS = EnumSet.of(RESERVE_CLIENT_FUNDS, RESERVE_PROVIDER_FUNDS, PUBLISH, FAILING);

    private OperatorRules() {}

    /** Whether the phase of that state does what must not be broken off half way; a word waits until it has returned. */
    public static boolean mustReturn(DealState state) {
        return ACTS.contains(state);
    }

    /**
     * Whether the word may be obeyed now.
     *
     * @param to where a rewind goes; null for every other verb
     * @param inMessage whether the provider's deal is in a publish message that may be sent
     * @throws OperationRefusedException with the reason; nothing may change then
     */
    public static void check(Deal deal, OperatorVerb verb, @Nullable DealState to, boolean inMessage) {
        DealState state = deal.state();
        if (verb == OperatorVerb.RELEASE_FUNDS) {
            require(deal.isFinal() || isPublished(deal), Reason.STILL_NEEDED, "the deal is in " + state.shortName()
                    + " and still needs its funds; cancel or fail it, that releases them");
            return;
        }
        require(!deal.isFinal(), Reason.HAS_ENDED, "the deal is in " + state.shortName() + ", nothing follows");
        switch (verb) {
            case CANCEL, FAIL -> {
                require(!ENDING.contains(state), Reason.ENDS_ALREADY, "the deal is in " + state.shortName() + " already");
                checkBeforePublish(deal, verb, inMessage);
            }
            case REWIND -> checkRewind(deal, to, inMessage);
            default -> { }
        }
    }

    /** @throws OperationRefusedException when the reason for the history is longer than a line, or none */
    public static void checkReason(@Nullable String reason) {
        require(reason == null || !reason.isBlank() && reason.length() <= LONGEST_REASON
                && reason.chars().noneMatch(Character::isISOControl), Reason.BAD_REASON,
                "a reason is one line of 1 to " + LONGEST_REASON + " characters");
    }

    /** The event by which the word ends the deal: a transfer is cancelled, any other state gives up. */
    public static DealEvent ending(Deal deal, OperatorVerb verb) {
        Flow<DealState, DealEvent> flow = DealFlow.of(deal.role());
        boolean cancels = verb == OperatorVerb.CANCEL
                && flow.step(deal.state(), DealEvent.DATA_TRANSFER_CANCELLED).isPresent();
        return cancels ? DealEvent.DATA_TRANSFER_CANCELLED : flow.failure(deal.state()).orElseThrow();
    }

    private static void checkBeforePublish(Deal deal, OperatorVerb verb, boolean inMessage) {
        require(!isPublished(deal), Reason.NOT_BEFORE_PUBLISH, "the deal is in " + deal.state().shortName()
                + (deal.chain().publishCid() == null ? "" : ", published by " + deal.chain().publishCid())
                + ": the chain owns it now, it ends by its start or end epoch");
        require(!inMessage, Reason.NOT_BEFORE_PUBLISH, "the deal is in a publish message already");
        DealState remote = deal.remote().state();
        boolean theirs = verb == OperatorVerb.CANCEL && deal.role() == Role.CLIENT
                && (deal.state() == CHECK_FOR_ACCEPTANCE || remote != null && HAS_DATA.contains(remote));
        require(!theirs, Reason.NOT_BEFORE_PUBLISH, "the miner has the data and may publish the deal at any moment"
                + "; it can still be cancelled there");
    }

    private static void checkRewind(Deal deal, @Nullable DealState to, boolean inMessage) {
        Set<DealState> targets = Rewinds.from(deal.role(), deal.state());
        boolean returns = to != null && targets.contains(to);
        String legal = targets.isEmpty() ? "there is no way back from it"
                : "from it: " + targets.stream().map(DealState::wireName).collect(Collectors.joining(", "));
        boolean before = !isPublished(deal);
        require(returns, before || to == null || PUBLISHED.contains(to) ? Reason.NO_SUCH_REWIND : Reason.NOT_BEFORE_PUBLISH,
                "the deal is in " + deal.state().shortName() + "; " + legal);
        require(!before || !inMessage, Reason.NOT_BEFORE_PUBLISH, "the deal is in a publish message already");
    }

    private static boolean isPublished(Deal deal) {
        return PUBLISHED.contains(deal.state()) || !deal.isFinal() && deal.chain().publishCid() != null;
    }

    private static void require(boolean isTrue, Reason reason, String sentence) {
        if (!isTrue) {
            throw new OperationRefusedException(reason, sentence);
        }
    }
}
