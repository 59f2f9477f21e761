package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.CodecException;
import java.math.BigInteger;

/** The provider collateral the chain takes for a piece, and what both sides make of it (deal-lifecycle §7.2). */
public record CollateralBounds(@JsonProperty("Min") TokenAmount min, @JsonProperty("Max") TokenAmount max) {

    private static final TokenAmount ALL_FIL = TokenAmount.ofFil(2_000_000_000);

    public CollateralBounds {
        Required.all(min, "Min", max, "Max");
    }

    /** What a provider accepts at most: twice the minimum. */
    public TokenAmount providerMax() {
        return min.times(2);
    }

    /** What a client proposes: the minimum and a fifth. */
    public TokenAmount clientProposes() {
        return min.timesRatio(12, 10);
    }

    /** The bounds a Lotus node answers: the chain's minimum and a tenth, and all FIL there will be. */
    public static CollateralBounds ofChainMinimum(TokenAmount chainMinimum) {
        return new CollateralBounds(chainMinimum.timesRatio(110, 100), ALL_FIL);
    }

    /**
     * {@code floor(size × circulating / (100 × max(rawPower, baseline, size)))}, powers in bytes: the collateral is
     * that share of one percent of the supply which the piece has of the network's power.
     */
    public static TokenAmount chainMinimum(
            PaddedPieceSize size, TokenAmount circulating, BigInteger rawPower, BigInteger baselinePower) {
        if (circulating.isNegative() || rawPower.signum() < 0 || baselinePower.signum() < 0) {
            throw new CodecException("supply and power cannot be negative");
        }
        BigInteger bytes = BigInteger.valueOf(size.bytes());
        BigInteger power = rawPower.max(baselinePower).max(bytes);
        if (power.signum() == 0) {
            return TokenAmount.ZERO;
        }
        return new TokenAmount(bytes.multiply(circulating.atto())
                .divide(power.multiply(BigInteger.valueOf(100))));
    }
}
