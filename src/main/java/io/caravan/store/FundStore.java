package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Money set aside in the market actor for deals before the chain locks it (spec deal-lifecycle 9.2). One message per
 * address is on its way at a time; holds and withdrawals that come meanwhile are queued as rows and treated together
 * by the next round.
 */
public interface FundStore {

    /** What money is needed for; a deal has one hold per purpose. CALLER is no deal's: somebody asked by JSON-RPC. */
    enum Purpose { CLIENT_PAYMENT, PROVIDER_COLLATERAL, CALLER }

    enum HoldState {
        /** Waits for the message in flight, or for money; not yet counted. */
        QUEUED,
        /** The escrow covers it. */
        COVERED,
        /** Counted; the message that brings the money is {@link Hold#messageKey()}. */
        FUNDING,
        /** Given back, or its top-up failed. */
        RELEASED
    }

    /**
     * @param address whose escrow
     * @param wallet who pays a top-up
     * @param messageKey the AddBalance message that brings or brought the money; null when none was needed
     * @param since when it was asked for
     */
    record Hold(Cid proposalCid, Purpose purpose, FilAddress address, FilAddress wallet, TokenAmount amount,
            HoldState state, @Nullable String messageKey, Instant since) {

        /** Whether the escrow has to have it. */
        public boolean isCounted() {
            return state == HoldState.COVERED || state == HoldState.FUNDING;
        }
    }

    /**
     * @param reserved sum of the covered and funding holds
     * @param messageKey the message in flight; null when there is none
     * @param version grows with every change
     */
    record Account(FilAddress address, TokenAmount reserved, @Nullable String messageKey, long version) {}

    /**
     * What the chain has for an address at one head.
     *
     * @param available escrow minus locked
     * @param locked of the holds asked about, the deals whose money the chain has locked already: it left
     *     {@code available}, so a round does not count it a second time
     */
    record Escrow(TokenAmount available, Set<Cid> locked) {}

    /** What a round needs from outside. Reads come before the transaction; messages are made inside, by computing. */
    interface Market {

        /** @param counted the holds that the escrow has to have now */
        Escrow escrow(FilAddress address, List<Hold> counted);

        /** The most that a wallet can pay in one top-up now, its fee set aside. */
        TokenAmount purse(FilAddress wallet);

        MessageIntent topUp(String key, FilAddress wallet, FilAddress address, TokenAmount amount);

        MessageIntent withdrawal(String key, FilAddress wallet, FilAddress address, TokenAmount amount);
    }

    /** What top-ups moved in a time. {@code oldest} is the first of them; null when there was none. */
    record ToppedUp(TokenAmount amount, @Nullable Instant oldest) {}

    /**
     * Sets money aside for a deal; calling it again for the same (deal, purpose) returns the hold as it is now.
     * Every queued hold of the address is treated in the same round, oldest first. A hold that stays queued while no
     * message is on its way is one that wallet or ceiling cannot pay for now.
     *
     * @throws io.caravan.model.RetryableException when other rounds keep coming between
     */
    Hold reserve(Cid proposalCid, Purpose purpose, FilAddress address, FilAddress wallet, TokenAmount amount,
            Market market);

    /**
     * Closes what the last message brought and runs a round for holds and withdrawals that wait; while a message is on
     * its way it does nothing.
     */
    void settle(FilAddress address, Market market);

    Optional<Hold> find(Cid proposalCid, Purpose purpose);

    /**
     * Gives the hold back, and takes a top-up back that nobody else needs and that was not signed yet. Idempotent.
     *
     * @return what was released by this call: the amount once, then zero
     */
    TokenAmount release(Cid proposalCid, Purpose purpose);

    /**
     * Gives back what callers reserved, oldest first and at most this much; deals' holds are never touched.
     *
     * @return what was released
     */
    TokenAmount releaseCallers(FilAddress address, TokenAmount amount);

    Account account(FilAddress address);

    /** Every account there is, those with the most reserved first. */
    List<Account> accounts();

    /** The open holds of an address, oldest first. */
    List<Hold> holds(FilAddress address);

    /** Open holds of deals that have ended: what nobody else would give back. */
    List<Hold> leftBehind();

    /** The addresses for which {@link #settle} has something to look at. */
    List<FilAddress> busy();

    /** Changes whenever any account does. */
    long moves();

    /** What automatic top-ups have moved into escrow since then, or will. */
    ToppedUp toppedUp(Instant since);
}
