package io.caravan.deal;

import io.caravan.chain.Chain;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.Signer;
import io.caravan.libp2p.Libp2pException;
import io.caravan.market.DealStatusRequest;
import io.caravan.market.MarketException;
import io.caravan.market.ProviderDealState;
import io.caravan.market.StatusClient;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the client's mirror of the provider's state: asks, believes only what the miner's worker signed, and writes the
 * answer into the deal (deal-lifecycle §11). A poll that fails changes no state; the next one comes later and later.
 */
public final class RemoteStates {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteStates.class);
    private static final Duration SLOWEST = Duration.ofMinutes(10);
    private static final Set<DealState> SEALING =
            EnumSet.of(DealState.AWAITING_PRE_COMMIT, DealState.SEALING, DealState.FINALIZING);
    private static final Set<DealState> GIVEN_UP = EnumSet.of(DealState.FAILING, DealState.ERROR,
            DealState.PROPOSAL_NOT_FOUND, DealState.PROPOSAL_REJECTED);
    /** States that only a client has: a provider that claims one is not followed (deal-lifecycle §11.4a). */
    private static final Set<DealState> IMPOSSIBLE = EnumSet.of(DealState.PROPOSAL_ACCEPTED, DealState.FUNDS_RESERVED,
            DealState.CHECK_FOR_ACCEPTANCE, DealState.START_DATA_TRANSFER, DealState.RESERVE_CLIENT_FUNDS,
            DealState.CLIENT_FUNDING, DealState.CLIENT_TRANSFER_RESTART, DealState.TRANSFER_QUEUED);

    /** How a question travels; {@link StatusClient#query} in a node. */
    @FunctionalInterface
    public interface Question {
        ProviderDealState ask(MinerPeer miner, FilAddress provider, Cid proposalCid, Signature signature);
    }

    private final Chain chain;
    private final Question question;
    private final Signer signer;
    private final Duration base;
    private final Clock clock;

    /**
     * @param base between two questions while the deal moves; ten times that while it is sealed, sixty times when
     *     active
     */
    public RemoteStates(Chain chain, StatusClient client, Signer signer, Duration base, Clock clock) {
        this(chain, (miner, provider, proposalCid, signature) ->
                client.query(miner.peer(), miner.addresses(), provider, proposalCid, signature), signer, base, clock);
    }

    RemoteStates(Chain chain, Question question, Signer signer, Duration base, Clock clock) {
        this.chain = chain;
        this.question = question;
        this.signer = signer;
        this.base = base;
        this.clock = clock;
    }

    /**
     * As {@link #poll}, for a deal that the chain does not hold yet: if the provider gave it up, so do we.
     *
     * @throws FatalException with the provider's reason
     */
    Deal pollAlive(Deal deal) {
        return alive(poll(deal));
    }

    /**
     * As {@link #pollAlive}, asking now even if the last answer is fresh: something happened that the provider will
     * have a word for.
     *
     * @throws FatalException with the provider's reason
     */
    Deal askAlive(Deal deal) {
        return alive(ask(deal, clock.instant()));
    }

    private static Deal alive(Deal asked) {
        Deal.Remote said = asked.remote();
        DealState state = said.state();
        if (said.pollErrors() == 0 && state != null && GIVEN_UP.contains(state)) {
            throw TransferEnds.CANCELLED.equals(said.message()) ? TransferEnds.cancelled()
                    : new FatalException("the provider's deal failed: " + said.message());
        }
        return asked;
    }

    /** Asks if it is time to; the deal comes back with the provider's word, or with one more failed poll. */
    Deal poll(Deal deal) {
        Instant now = clock.instant();
        Deal.Remote known = deal.remote();
        if (known.at() != null && now.isBefore(known.at().plus(interval(known)))) {
            return deal;
        }
        return ask(deal, now);
    }

    private Deal ask(Deal deal, Instant now) {
        FilAddress provider = deal.proposal().proposal().provider();
        try {
            MinerPeer miner = MinerPeer.of(chain, provider);
            ProviderDealState said = question.ask(miner, provider, deal.proposalCid(), signature(deal));
            return said.isAnswer() && !IMPOSSIBLE.contains(said.state()) ? heard(deal, said, miner, now)
                    : unheard(deal, said.isUnknownProposal() ? said.message() : "the miner says: " + said.message(),
                    now);
        } catch (Libp2pException | MarketException | RetryableException | CryptoException e) {
            return unheard(deal, String.valueOf(e.getMessage()), now);
        }
    }

    private Signature signature(Deal deal) {
        Bytes asked = DealStatusRequest.signedBytes(deal.proposalCid());
        return signer.sign(chain.accountKey(deal.proposal().proposal().client()), asked.toArray());
    }

    private static Deal heard(Deal deal, ProviderDealState said, MinerPeer miner, Instant now) {
        Deal mirrored = deal.withPeer(miner.peer().toString())
                .withRemote(new Deal.Remote(said.state(), said.message(), now,
                miner.worker(), deal.remote().polls() + 1, 0));
        // a fee that was raised gives the message another CID, so the newest word counts until the chain has confirmed one
        return said.publishCid() != null && deal.dealId() == null
                ? mirrored.withPublishCid(said.publishCid()) : mirrored;
    }

    private static Deal unheard(Deal deal, String why, Instant now) {
        LOG.debug("deal {}: no word from the provider: {}", deal.proposalCid(), why);
        Deal.Remote known = deal.remote();
        return deal.withRemote(new Deal.Remote(known.state(), why, now, known.worker(), known.polls() + 1,
                known.pollErrors() + 1));
    }

    private Duration interval(Deal.Remote known) {
        DealState state = known.state();
        long factor = state == DealState.ACTIVE ? 60 : state != null && SEALING.contains(state) ? 10 : 1;
        Duration slowed = base.multipliedBy(factor << Math.min(known.pollErrors(), 10));
        return known.pollErrors() > 0 && slowed.compareTo(SLOWEST) > 0 ? SLOWEST : slowed;
    }
}
