package io.caravan.model;

import io.caravan.codec.Cid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One deal seen from one side, as its row has it (spec deal-lifecycle 3.1). What is known only later is null until
 * then. Phases take a deal and return it with more facts; only the store gives it another state, version or turn.
 *
 * @param proposalCid our key: the CID of the signed proposal
 * @param version counts every write of the row; {@code DealStore.advance} compares it
 * @param seq the number of the deal's newest event
 * @param peer the other side's peer id in text; empty while the client has not looked it up
 * @param message the reason that people read; on a failing deal the first failure
 * @param enteredAt when the deal came into its state
 */
public record Deal(Cid proposalCid, Role role, DealState state, long version, long seq, SignedProposal proposal,
        DataRef dataRef, boolean fastRetrieval, String peer, Transfer transfer, Files files, Funds funds,
        Chain chain, Remote remote, @Nullable String message, Turn turn, Waiting waiting, Instant createdAt,
        Instant enteredAt, Instant updatedAt) {

    /**
     * The data-transfer channel.
     *
     * @param id the initiator's transfer id
     * @param channel the channel's name, {@code initiator-responder-id}
     */
    public record Transfer(@Nullable Long id, @Nullable String channel) {
        public static final Transfer NONE = new Transfer(null, null);
    }

    /**
     * Where the bytes lie on this machine.
     *
     * @param inbound the staged CAR of an online deal
     * @param piece the staged copy of an imported piece (offline deal)
     * @param bytes length of the CAR or piece file in bytes, unpadded, before any zeros
     */
    public record Files(@Nullable String inbound, @Nullable String piece, @Nullable Long bytes) {
        public static final Files NONE = new Files(null, null, null);

        /** The file that holds the piece's payload, whichever way it came; null when there is none. */
        public @Nullable String payload() {
            return piece != null ? piece : inbound;
        }
    }

    /**
     * Money set aside for this deal.
     *
     * @param reserved attoFIL still to be released
     * @param addFundsCid the AddBalance message this deal waits for
     */
    public record Funds(TokenAmount reserved, @Nullable Cid addFundsCid) {
        public static final Funds NONE = new Funds(TokenAmount.ZERO, null);
    }

    /**
     * What the chain knows.
     *
     * @param publishCid the PublishStorageDeals message; after landing the CID it landed under
     * @param dealId the market actor's number
     * @param sector the sector that holds the piece
     * @param slashEpoch when the deal was terminated
     */
    public record Chain(@Nullable Cid publishCid, @Nullable Long dealId, @Nullable SectorNumber sector,
            @Nullable Epoch slashEpoch) {
        public static final Chain NONE = new Chain(null, null, null, null);
    }

    /**
     * What the other side last said about the deal (client only; spec 11).
     *
     * @param state the provider's verified state
     * @param message the provider's message
     * @param at when its worker last signed an answer about this deal
     * @param worker who must sign the provider's answers
     * @param polls questions asked
     * @param pollErrors questions in a row that got no valid answer
     * @param last what the last question came to
     */
    public record Remote(@Nullable DealState state, @Nullable String message, @Nullable Instant at,
            @Nullable FilAddress worker, int polls, int pollErrors, Asked last) {

        public static final Remote NONE = new Remote(null, null, null, null, 0, 0, Asked.NEVER);

        /** Heard at that moment. */
        public Remote(@Nullable DealState state, @Nullable String message, @Nullable Instant at,
                @Nullable FilAddress worker, int polls, int pollErrors) {
            this(state, message, at, worker, polls, pollErrors, new Asked(at, null, 0, null));
        }

        /** The provider's word, signed by its worker. */
        public Remote heard(DealState word, String reason, FilAddress signer, Instant now) {
            return new Remote(word, reason, now, signer, polls + 1, 0, new Asked(now, null, 0, null));
        }

        /** No valid answer; what was heard before stays. */
        public Remote unheard(String why, boolean isUnknownThere, Instant now) {
            return new Remote(state, message, at, worker, polls + 1, pollErrors + 1, last.failed(why, isUnknownThere, now));
        }
    }

    /**
     * What the last question to the provider came to.
     *
     * @param at when it was asked; null before the first
     * @param error why there was no valid answer; null after one
     * @param unknown signed answers in a row that the provider knows no such deal
     * @param unknownSince the first of these
     */
    public record Asked(@Nullable Instant at, @Nullable String error, int unknown, @Nullable Instant unknownSince) {

        public static final Asked NEVER = new Asked(null, null, 0, null);

        Asked failed(String why, boolean isUnknownThere, Instant now) {
            return isUnknownThere ? new Asked(now, why, unknown + 1, unknownSince == null ? now : unknownSince)
                    : new Asked(now, why, 0, null);
        }
    }

    /** A deal nobody has stored yet: state Unknown, nothing known but the agreement and the other side. */
    public static Deal fresh(Cid proposalCid, Role role, SignedProposal proposal, DataRef dataRef,
            boolean fastRetrieval, String peer, Instant now) {
        return new Deal(proposalCid, role, DealState.UNKNOWN, 0, 0, proposal, dataRef, fastRetrieval, peer,
                Transfer.NONE, Files.NONE, Funds.NONE, Chain.NONE, Remote.NONE, null, Turn.at(now), Waiting.NOTHING,
                now, now, now);
    }

    /** The market actor's number; null until published. */
    public @Nullable Long dealId() {
        return chain.dealId();
    }

    /** Whether nothing more happens to it. */
    public boolean isFinal() {
        return state.isFinal();
    }

    public Deal withPeer(String peerId) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peerId, transfer,
                files, funds, chain, remote, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Deal withTransfer(Transfer now) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peer, now,
                files, funds, chain, remote, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Deal withFiles(Files now) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peer, transfer,
                now, funds, chain, remote, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Deal withFunds(Funds now) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peer, transfer,
                files, now, chain, remote, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Deal withChain(Chain now) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peer, transfer,
                files, funds, now, remote, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Deal withRemote(Remote now) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peer, transfer,
                files, funds, chain, now, message, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Deal withMessage(@Nullable String now) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peer, transfer,
                files, funds, chain, remote, now, turn, waiting, createdAt, enteredAt, updatedAt);
    }

    public Deal withTurn(Turn now) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peer, transfer,
                files, funds, chain, remote, message, now, waiting, createdAt, enteredAt, updatedAt);
    }

    public Deal withWaiting(Waiting now) {
        return new Deal(proposalCid, role, state, version, seq, proposal, dataRef, fastRetrieval, peer, transfer,
                files, funds, chain, remote, message, turn, now, createdAt, enteredAt, updatedAt);
    }

    public Deal withPublishCid(Cid cid) {
        return withChain(new Chain(cid, chain.dealId(), chain.sector(), chain.slashEpoch()));
    }

    public Deal withDealId(long dealId) {
        return withChain(new Chain(chain.publishCid(), dealId, chain.sector(), chain.slashEpoch()));
    }

    /** No sector has it any more. */
    public Deal withoutSector() {
        return withChain(new Chain(chain.publishCid(), chain.dealId(), null, chain.slashEpoch()));
    }

    public Deal withSector(SectorNumber number) {
        return withChain(new Chain(chain.publishCid(), chain.dealId(), number, chain.slashEpoch()));
    }

    public Deal withSlashEpoch(Epoch epoch) {
        return withChain(new Chain(chain.publishCid(), chain.dealId(), chain.sector(), epoch));
    }

    public Deal withAddFundsCid(@Nullable Cid cid) {
        return withFunds(new Funds(funds.reserved(), cid));
    }

    public Deal withFundsReserved(TokenAmount amount) {
        return withFunds(new Funds(amount, funds.addFundsCid()));
    }

    /** Gives up at that moment instead of the state's usual one; counts for the state the deal is in. */
    public Deal withDeadline(Instant at) {
        return withTurn(turn.withDeadline(at));
    }

    /**
     * Something happened that the state waits for: its idle time begins again, and so does the moment since which it waits.
     * To be called after {@code waitingFor}.
     */
    public Deal progressed(Instant now) {
        return withTurn(turn.withDeadline(null)).withWaiting(waiting.since(now));
    }

    /** Asks to be looked at again at that moment, instead of after the route's delay. */
    public Deal withRunAfter(Instant at) {
        return withTurn(turn.withRunAfter(at));
    }

    /** Says who or what it waits for and, in words for the people who ask, for what. */
    public Deal waitingFor(WaitsOn kind, String thing, Instant now) {
        return withWaiting(waiting.on(kind, thing, now, null));
    }

    /** The same with the moment at which the wait is expected to end. */
    public Deal waitingFor(WaitsOn kind, String thing, Instant now, Instant end) {
        return withWaiting(waiting.on(kind, thing, now, end));
    }
}
