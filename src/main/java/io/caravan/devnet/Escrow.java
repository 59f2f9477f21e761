package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.TokenAmount;

/** Funds of one party in the market, attoFIL; the locked part is inside the escrow. */
record Escrow(TokenAmount escrow, TokenAmount locked) {

    static final Escrow ZERO = new Escrow(TokenAmount.ZERO, TokenAmount.ZERO);

    TokenAmount available() {
        return escrow.minus(locked);
    }

    Escrow plusEscrow(TokenAmount amount) {
        return new Escrow(escrow.plus(amount), locked);
    }

    Escrow plusLocked(TokenAmount amount) {
        return new Escrow(escrow, locked.plus(amount));
    }

    void writeTo(CborWriter out) {
        out.array(2);
        escrow.writeTo(out);
        locked.writeTo(out);
    }

    static Escrow readFrom(CborReader in) {
        in.tuple(2);
        return new Escrow(TokenAmount.readFrom(in), TokenAmount.readFrom(in));
    }
}
