package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import org.jspecify.annotations.Nullable;

/**
 * One actor: who it is, how many messages it has sent, what it owns.
 *
 * @param key the key address of an account, the robust address of a miner; null for the built-in ones
 */
record Actor(Kind kind, @Nullable FilAddress key, long nonce, TokenAmount balance) {

    /** What an actor is; the code is in the database. */
    enum Kind {
        BUILTIN(0),
        ACCOUNT(1),
        MINER(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        static Kind ofCode(long code) {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("no kind of actor has the code " + code);
        }
    }

    static Actor builtin(TokenAmount balance) {
        return new Actor(Kind.BUILTIN, null, 0, balance);
    }

    Actor withBalance(TokenAmount next) {
        return new Actor(kind, key, nonce, next);
    }

    Actor withNonce(long next) {
        return new Actor(kind, key, next, balance);
    }

    void writeTo(CborWriter out) {
        out.array(4).uint(kind.code);
        if (key == null) {
            out.nul();
        } else {
            key.writeTo(out);
        }
        out.uint(nonce);
        balance.writeTo(out);
    }

    static Actor readFrom(CborReader in) {
        in.tuple(4);
        Kind kind = Kind.ofCode(in.uint());
        FilAddress key = null;
        if (in.isNull()) {
            in.nul();
        } else {
            key = FilAddress.readFrom(in);
        }
        return new Actor(kind, key, in.uint(), TokenAmount.readFrom(in));
    }
}
