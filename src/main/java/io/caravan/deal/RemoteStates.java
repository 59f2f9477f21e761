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
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Signature;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the client's mirror of the provider's state: asks, believes only what the miner's worker signed, and writes the
 * answer into the deal (deal-lifecycle §11). A poll that fails changes no state; the next one comes later and later.
 */
public final class RemoteStates {

    private static final Logger LOG = LoggerFactory.getLogger(RemoteStates.class);
    private static final Duration SLOWEST = Duration.ofMinutes(10);
    private static final int SPREAD_PERCENT = 20;
    /** Signed answers in a row that there is no such deal, before that is believed (deal-lifecycle §11.2). */
    private static final int UNKNOWN_ANSWERS = 10;
    private static final Set<DealState> ACCEPTED = EnumSet.of(DealState.STAGED, DealState.AWAITING_PRE_COMMIT, DealState.SEALING,
            DealState.FINALIZING, DealState.ACTIVE, DealState.EXPIRED, DealState.SLASHED);
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
    private final Supplier<Pace> pace;
    private final BiPredicate<Cid, Instant> news;
    private final Clock clock;

    /**
     * How often the provider is asked.
     *
     * @param base between two questions while the deal moves; ten times that while it is sealed, sixty times when
     *     active
     * @param forgetAfter how long the provider must have said that it knows no such deal before that is believed
     */
    public record Pace(Duration base, Duration forgetAfter) {}

    /**
     * @param pace is asked at each look
     * @param news whether the provider has poked us about a deal since a moment
     */
    public RemoteStates(Chain chain, StatusClient client, Signer signer, Supplier<Pace> pace, BiPredicate<Cid, Instant> news, Clock clock) {
        this(chain, (miner, provider, proposalCid, signature) ->
                client.query(miner.peer(), miner.addresses(), provider, proposalCid, signature), signer, pace, news, clock);
    }

    RemoteStates(Chain chain, Question question, Signer signer, Supplier<Pace> pace, BiPredicate<Cid, Instant> news, Clock clock) {
        this.chain = chain;
        this.question = question;
        this.signer = signer;
        this.pace = pace;
        this.news = news;
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

    private Deal alive(Deal asked) {
        Deal.Asked last = asked.remote().last();
        Instant since = last.unknownSince();
        if (last.unknown() >= UNKNOWN_ANSWERS && since != null && since.plus(pace.get().forgetAfter()).isBefore(clock.instant())) {
            throw new FatalException("the provider knows no such deal any more: it has said so since " + since);
        }
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
        Instant last = known.last().at();
        boolean isSoon = last != null && now.isBefore(last.plus(interval(deal))) && !news.test(deal.proposalCid(), last);
        return isSoon ? deal : ask(deal, now);
    }

    private Deal ask(Deal deal, Instant now) {
        FilAddress provider = deal.proposal().proposal().provider();
        try {
            MinerPeer miner = MinerPeer.of(chain, provider);
            ProviderDealState said = question.ask(miner, provider, deal.proposalCid(), signature(deal));
            if (!said.isAnswer()) {
                return unheard(deal, "the miner says: " + said.message(), said.isUnknownProposal(), now);
            }
            if (!deal.proposalCid().equals(said.proposalCid())) {
                return another(deal, said, now);
            }
            return IMPOSSIBLE.contains(said.state())
                    ? unheard(deal, "the miner claims " + said.state() + ", which only a client can be", false, now)
                    : heard(deal, said, miner, now);
        } catch (Libp2pException | MarketException | RetryableException | CryptoException e) {
            return unheard(deal, String.valueOf(e.getMessage()), false, now);
        }
    }

    /** A miner that has accepted something, but not this deal, will never publish it. */
    private static Deal another(Deal deal, ProviderDealState said, Instant now) {
        String sentence = "the miner answered about another proposal, " + said.proposalCid();
        if (deal.state() == DealState.CHECK_FOR_ACCEPTANCE && ACCEPTED.contains(said.state())) {
            throw new FatalException(DealEvent.RESPONSE_DEAL_DID_NOT_MATCH, "wrong proposal: " + sentence);
        }
        return unheard(deal, sentence, false, now);
    }

    private Signature signature(Deal deal) {
        Bytes asked = DealStatusRequest.signedBytes(deal.proposalCid());
        return signer.sign(chain.accountKey(deal.proposal().proposal().client()), asked.toArray());
    }

    private static Deal heard(Deal deal, ProviderDealState said, MinerPeer miner, Instant now) {
        Deal mirrored = deal.withPeer(miner.peer().toString())
                .withRemote(deal.remote().heard(said.state(), said.message(), miner.worker(), now));
        // a fee that was raised gives the message another CID, so the newest word counts until the chain has confirmed one
        return said.publishCid() != null && deal.dealId() == null
                ? mirrored.withPublishCid(said.publishCid()) : mirrored;
    }

    private static Deal unheard(Deal deal, String why, boolean isUnknownThere, Instant now) {
        LOG.debug("deal {}: no word from the provider: {}", deal.proposalCid(), why);
        return deal.withRemote(deal.remote().unheard(why, isUnknownThere, now));
    }

    /** Slower where little happens, slower with each failed question, and never for all deals at the same moment. */
    private Duration interval(Deal deal) {
        Deal.Remote known = deal.remote();
        DealState state = known.state();
        long factor = state == DealState.ACTIVE ? 60 : state != null && SEALING.contains(state) ? 10 : 1;
        Duration slowed = pace.get().base().multipliedBy(factor << Math.min(known.pollErrors(), 10));
        Duration wait = known.pollErrors() > 0 && slowed.compareTo(SLOWEST) > 0 ? SLOWEST : slowed;
        long spread = Math.floorMod(Objects.hash(deal.proposalCid(), known.polls()), 2 * SPREAD_PERCENT + 1) - SPREAD_PERCENT;
        return wait.plus(wait.multipliedBy(spread).dividedBy(100));
    }
}
