package io.caravan.deal;

import io.caravan.codec.Cid;
import io.caravan.libp2p.PeerId;
import io.caravan.market.DealDesk;
import io.caravan.market.ProposalMessage;
import io.caravan.market.ProposalResponse;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.LogScope;
import io.caravan.model.Role;
import io.caravan.store.DealStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Receives proposals: a new one becomes a row that the routes decide on, a known one gets its present state and message
 * again (deal-lifecycle §4.3, V19). The answer is given after the decision is committed, so a client that reads it can
 * send its data at once.
 */
public final class ProposalDesk implements DealDesk {

    private static final Set<DealState> UNDECIDED =
            EnumSet.of(DealState.UNKNOWN, DealState.VALIDATING, DealState.ACCEPT_WAIT);
    private static final Set<DealState> REFUSED =
            EnumSet.of(DealState.REJECTING, DealState.FAILING, DealState.ERROR);

    private final DealStore deals;
    private final Path staging;
    private final Supplier<Duration> patience;
    private final Clock clock;

    /**
     * @param staging folder of the CARs that come in
     * @param patience how long a client's stream is kept waiting for the decision; asked for each proposal
     */
    public ProposalDesk(DealStore deals, Path staging, Supplier<Duration> patience, Clock clock) {
        this.deals = deals;
        this.staging = staging;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public Optional<ProposalResponse> receive(PeerId client, ProposalMessage message) {
        Cid proposalCid = message.proposalCid();
        try (LogScope scope = LogScope.of(proposalCid, Role.PROVIDER)) {
            return receive(proposalCid, client, message);
        }
    }

    private Optional<ProposalResponse> receive(Cid proposalCid, PeerId client, ProposalMessage message) {
        Optional<Deal> known = deals.find(proposalCid, Role.PROVIDER);
        if (known.isPresent() && !UNDECIDED.contains(known.get().state())) {
            return known.map(deal -> answer(deal, deal.state()));
        }
        if (known.isEmpty()) {
            insert(proposalCid, client, message);
        }
        return deals.await(proposalCid, Role.PROVIDER, deal -> !UNDECIDED.contains(deal.state()), patience.get())
                .or(() -> deals.find(proposalCid, Role.PROVIDER))
                .map(ProposalDesk::decided);
    }

    private void insert(Cid proposalCid, PeerId client, ProposalMessage message) {
        Deal fresh = Deal.fresh(proposalCid, Role.PROVIDER, message.proposal(), message.piece(),
                message.fastRetrieval(),
                client.toString(), clock.instant());
        boolean isOnline = !message.piece().transferType().equals(DataRef.MANUAL);
        Deal placed = isOnline ? fresh.withFiles(new Deal.Files(staging.resolve(proposalCid + ".car").toString(), null,
                null))
                : fresh;
        deals.insert(placed, DealEvent.OPEN);
    }

    /** A refusal is told as Failing, however far the row has got by now (deal-lifecycle §4.2, state 10). */
    private static ProposalResponse decided(Deal deal) {
        return answer(deal, REFUSED.contains(deal.state()) ? DealState.FAILING : deal.state());
    }

    private static ProposalResponse answer(Deal deal, DealState state) {
        return new ProposalResponse(state, PeerWords.of(deal.message()), deal.proposalCid(), deal.chain().publishCid());
    }
}
