package io.caravan.deal;

import io.caravan.chain.ChainRefusedException;
import io.caravan.codec.Cid;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.PhaseException;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundRequests;
import io.caravan.store.FundRequests.Kind;
import io.caravan.store.FundRequests.Request;
import io.caravan.store.FundRequests.State;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.FundStore.HoldState;
import io.caravan.store.FundStore.Purpose;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Moves escrow for people: additions, withdrawals and reservations that no deal asked for (chain-and-rpc §2.1, Market*).
 * Each is a row before it is a message. An answer with an error means that nothing was sent and nothing will be.
 */
public final class FundDesk {

    /** All coins there will ever be. */
    private static final TokenAmount MOST = new TokenAmount(BigInteger.TWO.multiply(BigInteger.TEN.pow(27)));
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final FundKeeper keeper;
    private final FundRequests requests;
    private final Clock clock;
    private final Map<Object, Supplier<Boolean>> waiters = new ConcurrentHashMap<>();

    public FundDesk(FundKeeper keeper, Clock clock) {
        this.keeper = keeper;
        this.requests = keeper.tools().requests();
        this.clock = clock;
    }

    /**
     * Adds to an escrow; not subject to the ceiling, for somebody said so.
     *
     * @return the AddBalance message
     */
    public Cid add(FilAddress wallet, FilAddress address, TokenAmount amount) {
        requirePositive(amount);
        requirePurse(wallet, amount);
        Request request = requests.enter(Kind.ADD, canonical(address), key(wallet), amount);
        return sent(request.id(), () -> keeper.add(request)).orElseThrow(() -> refused(request.id()));
    }

    /**
     * Takes out of an escrow what is neither locked nor reserved; waits for the message that is on its way for that
     * address, at most two minutes.
     *
     * @return the WithdrawBalance message
     */
    public CompletableFuture<Cid> withdraw(FilAddress wallet, FilAddress address, TokenAmount amount) {
        requirePositive(amount);
        FilAddress key = key(wallet);
        requireKey(key);
        Request request = requests.enter(Kind.WITHDRAW, canonical(address), key, amount);
        return answered(request.id(), () -> sent(request.id(), () -> keeper.moveOn(request.address())),
                () -> refused(request.id()));
    }

    /**
     * Sets escrow aside until {@link #release}, topping it up by what is missing.
     *
     * @return the AddBalance message; empty when the escrow covers it
     */
    public CompletableFuture<Optional<Cid>> reserve(FilAddress wallet, FilAddress address, TokenAmount amount) {
        if (amount.isNegative() || amount.isMoreThan(MOST)) {
            throw new FatalException("cannot reserve " + amount);
        }
        Cid name = Cid.rawSha256(("reserve/" + UUID.randomUUID()).getBytes(StandardCharsets.US_ASCII));
        Hold asked = new Hold(name, Purpose.CALLER, canonical(address), key(wallet), amount, HoldState.QUEUED, null,
                clock.instant());
        return answered(name, () -> reserved(asked), () -> over(asked));
    }

    /** Gives back what {@link #reserve} set aside, never a deal's money; returns how much it was. */
    public TokenAmount release(FilAddress address, TokenAmount amount) {
        if (amount.isNegative()) {
            throw new FatalException("cannot release " + amount);
        }
        return keeper.tools().funds().releaseCallers(canonical(address), amount);
    }

    /** What is reserved of an escrow, by deals and callers. */
    public TokenAmount reserved(FilAddress address) {
        return keeper.tools().funds().account(canonical(address)).reserved();
    }

    /** Looks again for those who wait for an answer; called whenever the keeper has looked. */
    public void tick() {
        waiters.forEach((key, look) -> {
            if (look.get()) {
                waiters.remove(key);
            }
        });
    }

    /** One account is one account, by whichever of its addresses it is called: the key of a person, the id of a miner. */
    public FilAddress canonical(FilAddress address) {
        if (address.isKey()) {
            return address;
        }
        try {
            return keeper.tools().chain().accountKey(address);
        } catch (ChainRefusedException e) {
            return keeper.tools().chain().lookupId(address).orElseThrow(() ->
                    new FatalException("the chain knows no actor " + address));
        }
    }

    private FilAddress key(FilAddress wallet) {
        return wallet.isKey() ? wallet : keeper.tools().chain().accountKey(wallet);
    }

    private <T> CompletableFuture<T> answered(Object name, Supplier<Optional<T>> look, Supplier<RuntimeException> end) {
        Optional<T> now = look.get();
        if (now.isPresent()) {
            return CompletableFuture.completedFuture(now.get());
        }
        CompletableFuture<T> answer = new CompletableFuture<>();
        waiters.put(name, () -> {
            try {
                look.get().ifPresent(answer::complete);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
            return answer.isDone();
        });
        return answer.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).exceptionallyCompose(e -> {
            waiters.remove(name);
            return CompletableFuture.failedFuture(e instanceof TimeoutException ? end.get() : e);
        });
    }

    /** The message of a request once it has one; throws when the request is over without. */
    private Optional<Cid> sent(long id, Runnable step) {
        try {
            step.run();
        } catch (PhaseException | ChainRefusedException e) {
            Request left = requests.refuse(id, String.valueOf(e.getMessage()));
            if (left.state() == State.REFUSED) {
                throw e;
            }
        }
        Request now = requests.find(id).orElseThrow();
        if (now.state() == State.REFUSED) {
            throw new FatalException(String.valueOf(now.error()));
        }
        return message(now.messageKey());
    }

    private RuntimeException refused(long id) {
        Request end = requests.refuse(id, "no answer in " + PATIENCE.toSeconds() + " s: another message about this escrow goes first");
        return new FatalException(end.state() == State.REFUSED ? "nothing was sent: " + end.error()
                : "the message is on its way, its CID is not known yet: see ./caravan funds");
    }

    /** Empty while the hold waits for another message. */
    private Optional<Optional<Cid>> reserved(Hold asked) {
        Hold hold;
        try {
            hold = keeper.reserve(asked);
            if (hold.state() == HoldState.FUNDING) {
                return Optional.of(Optional.of(keeper.tools().lane().send(String.valueOf(hold.messageKey()))));
            }
        } catch (PhaseException | ChainRefusedException e) {
            keeper.tools().funds().release(asked.proposalCid(), Purpose.CALLER);
            throw e;
        }
        if (hold.state() == HoldState.COVERED) {
            return Optional.of(message(hold.messageKey()));
        }
        if (hold.state() == HoldState.RELEASED || keeper.tools().funds().account(hold.address()).messageKey() == null) {
            throw over(hold);
        }
        return Optional.empty();
    }

    private RuntimeException over(Hold asked) {
        String why = keeper.why(asked).what();
        keeper.tools().funds().release(asked.proposalCid(), Purpose.CALLER);
        return new FatalException("nothing is reserved: waiting for " + why);
    }

    private Optional<Cid> message(@Nullable String key) {
        return key == null ? Optional.empty() : keeper.tools().lane().find(key);
    }

    private void requirePositive(TokenAmount amount) {
        if (!amount.isMoreThan(TokenAmount.ZERO) || amount.isMoreThan(MOST)) {
            throw new FatalException("cannot move " + amount + ": more than 0 and no more than there is");
        }
    }

    private void requirePurse(FilAddress wallet, TokenAmount amount) {
        FilAddress key = key(wallet);
        requireKey(key);
        TokenAmount purse = keeper.tools().market().purse(key);
        if (!purse.isMoreThan(amount)) {
            throw new FatalException("wallet " + wallet + " holds " + purse + ", " + amount + " and a fee needed");
        }
    }

    private void requireKey(FilAddress key) {
        if (!keeper.tools().market().hasKey(key)) {
            throw new FatalException("this node does not have the key of wallet " + key);
        }
    }
}
