package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an address has in the market actor: escrow holds everything, locked is the part that deals bind. */
public record MarketBalance(@JsonProperty("Escrow") TokenAmount escrow, @JsonProperty("Locked") TokenAmount locked) {

    public static final MarketBalance ZERO = new MarketBalance(TokenAmount.ZERO, TokenAmount.ZERO);

    public MarketBalance {
        Required.all(escrow, "Escrow", locked, "Locked");
    }

    /** Escrow minus locked. */
    public TokenAmount available() {
        return escrow.minus(locked);
    }
}
