package io.caravan.market;

import io.caravan.libp2p.PeerId;
import java.util.Optional;

/** Where a proposal that came over the wire is decided. */
@FunctionalInterface
public interface DealDesk {

    /**
     * Receives a proposal and returns the answer, waiting for the decision if need be. A proposal that is tracked
     * already gets its present state again and makes no second deal (deal-lifecycle §4.3); so a second call with the
     * same does no harm.
     *
     * @param client who sent it, proven by the connection
     * @return empty to close the stream without an answer
     */
    Optional<ProposalResponse> receive(PeerId client, ProposalMessage proposal);
}
