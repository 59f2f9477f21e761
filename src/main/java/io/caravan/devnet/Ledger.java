package io.caravan.devnet;

import io.caravan.chain.ExitCode;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.util.OptionalLong;

/** Actors and their coins. Coins only ever move; nothing here makes or loses one. */
final class Ledger {

    static final long MARKET = 5;
    static final long RESERVE = 90;
    static final long BURNT = 99;

    private final Draft draft;

    Ledger(Draft draft) {
        this.draft = draft;
    }

    Actor actor(long id) {
        return draft.require(Tables.ACTORS, id);
    }

    TokenAmount balance(long id) {
        return actor(id).balance();
    }

    /** The receiver of a message; a key address that nobody has used yet becomes an account. */
    long idOrCreate(FilAddress address) {
        OptionalLong id = draft.state().idOf(address);
        if (id.isPresent()) {
            return id.getAsLong();
        }
        if (!address.isKey()) {
            throw new ActorException(ExitCode.SYS_INVALID_RECEIVER, "there is no actor " + address);
        }
        return create(new Actor(Actor.Kind.ACCOUNT, address, 0, TokenAmount.ZERO));
    }

    /** Adds an actor under the next id. */
    long create(Actor actor) {
        long id = draft.totals().nextActor();
        draft.totals(totals -> totals.withNextActor(id + 1));
        put(id, actor);
        return id;
    }

    /** Adds an actor under an id of genesis. */
    void put(long id, Actor actor) {
        draft.put(Tables.ACTORS, id, actor);
        FilAddress key = actor.key();
        if (key != null) {
            draft.put(Tables.ADDRESSES, key.bytes(), id);
        }
    }

    /** @throws ActorException (insufficient funds) and nothing has moved */
    void move(long from, long to, TokenAmount amount) {
        if (amount.isNegative()) {
            throw new ActorException(ExitCode.SYS_INSUFFICIENT_FUNDS, "a negative amount cannot move");
        }
        if (amount.isZero()) {
            return;
        }
        Actor payer = actor(from);
        if (payer.balance().isLessThan(amount)) {
            throw new ActorException(ExitCode.SYS_INSUFFICIENT_FUNDS,
                    "f0" + from + " has " + payer.balance() + ", " + amount + " are needed");
        }
        draft.put(Tables.ACTORS, from, payer.withBalance(payer.balance().minus(amount)));
        Actor payee = actor(to); // read after the write: payer and payee may be one
        draft.put(Tables.ACTORS, to, payee.withBalance(payee.balance().plus(amount)));
    }

    void burn(long from, TokenAmount amount) {
        move(from, BURNT, amount);
    }
}
