package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;

/**
 * Has the provider published the deal? State 13 of the client: asks the provider, who signs what it says
 * (deal-lifecycle §11.3).
 */
public final class AcceptanceCheck {

    private static final long START_SLACK = 10;
    private static final Set<DealState> ACCEPTED =
            EnumSet.of(DealState.STAGED, DealState.AWAITING_PRE_COMMIT, DealState.SEALING,
            DealState.FINALIZING, DealState.ACTIVE, DealState.EXPIRED, DealState.SLASHED);
    private final Chain chain;
    private final RemoteStates remote;
    private final Clock clock;

    public AcceptanceCheck(Chain chain, RemoteStates remote, Clock clock) {
        this.chain = chain;
        this.remote = remote;
        this.clock = clock;
    }

    /** Waits for nothing once the provider says that the deal is published, and by which message. */
    public Deal look(Deal deal) {
        long head = chain.head().epoch().value();
        long start = deal.proposal().proposal().startEpoch().value();
        if (head > start + START_SLACK) {
            throw new FatalException("start epoch " + start + " elapsed without acceptance (epoch " + head + ")");
        }
        Deal asked = remote.pollAlive(deal);
        Deal.Remote said = asked.remote();
        DealState state = said.state();
        boolean isAccepted = state != null && ACCEPTED.contains(state) && asked.chain().publishCid() != null;
        return isAccepted ? asked.withWaiting(Waiting.NOTHING)
                : asked.waitingFor(WaitsOn.PEER, "the miner to publish the deal" + (state == null ? "" : "; there it is in " + state.shortName()),
                clock.instant());
    }
}
