package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Money set aside in the market actor for deals before the chain locks it (spec deal-lifecycle 9.2). One AddBalance
 * message per address is on its way at a time; holds that come meanwhile are queued and covered together by the next.
 */
public interface FundStore {

    /** What a deal needs money for; a deal has one hold per purpose. */
    enum Purpose { CLIENT_PAYMENT, PROVIDER_COLLATERAL }

    enum HoldState {
        /** Waits for the message in flight; not yet counted. */
        QUEUED,
        /** The escrow covers it. */
        COVERED,
        /** Counted; the message that brings the money is {@link Hold#messageKey()}. */
        FUNDING,
        /** Given back. */
        RELEASED
    }

    /**
     * @param address whose escrow
     * @param wallet who pays a top-up
     * @param messageKey the AddBalance message this hold waits for; null when none was needed
     */
    record Hold(Cid proposalCid, Purpose purpose, FilAddress address, FilAddress wallet, TokenAmount amount,
            HoldState state, @Nullable String messageKey) {}

    /** @param reserved sum of the covered and funding holds */
    record Account(FilAddress address, TokenAmount reserved, @Nullable String messageKey, long version) {}

    /** How the top-up becomes a message: called inside the transaction, so it computes and does not call out. */
    @FunctionalInterface
    interface TopUp {
        MessageIntent message(String key, FilAddress wallet, FilAddress address, TokenAmount amount);
    }

    /**
     * Sets money aside for a deal; calling it again for the same (deal, purpose) returns the hold as it is now.
     * Every queued hold of the address is treated in the same round, oldest first.
     *
     * @param available reads escrow minus locked from the chain; called outside the transaction and repeated when
     *     another round came between
     * @throws io.caravan.model.RetryableException when other rounds keep coming between
     */
    Hold reserve(Cid proposalCid, Purpose purpose, FilAddress address, FilAddress wallet, TokenAmount amount,
            Supplier<TokenAmount> available, TopUp topUp);

    /** Runs a round for holds that were queued behind a message; does nothing while one is on its way. */
    void settle(FilAddress address, Supplier<TokenAmount> available, TopUp topUp);

    Optional<Hold> find(Cid proposalCid, Purpose purpose);

    /**
     * Gives the hold back. Idempotent.
     *
     * @return what was released by this call: the amount once, then zero
     */
    TokenAmount release(Cid proposalCid, Purpose purpose);

    Account account(FilAddress address);

    /** The open holds of an address, oldest first. */
    List<Hold> holds(FilAddress address);

    /**
     * Reserves for withdrawing: succeeds when {@code available − reserved} covers the amount and no message of the
     * address is in flight, and stores the WithdrawBalance intent in the same transaction.
     *
     * @return the intent's row; empty when the amount is more than what is free
     */
    Optional<StoredMessage> withdraw(FilAddress address, TokenAmount amount, Supplier<TokenAmount> available,
            MessageIntent intent);
}
