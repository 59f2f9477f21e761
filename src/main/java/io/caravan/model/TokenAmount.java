package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of money in attoFIL (10^−18 FIL), exact; people see it in FIL with its unit, JSON as a decimal string. */
public record TokenAmount(BigInteger atto) implements Comparable<TokenAmount> {

    public static final TokenAmount ZERO = new TokenAmount(BigInteger.ZERO);

    private static final int MAX_BITS = 127 * 8;
    private static final int MAX_TEXT = 340;
    private static final int MAX_DIGITS = 310;
    private static final Pattern AMOUNT = Pattern.compile("(-?[0-9]+(?:\\.[0-9]+)?)\\s*([a-z]*)");
    private static final Map<String, Integer> UNITS = Map.of("", 18, "fil", 18, "millifil", 15, "microfil", 12,
            "nanofil", 9, "picofil", 6, "femtofil", 3, "attofil", 0, "afil", 0);

    public TokenAmount {
        if (atto.bitLength() > MAX_BITS) {
            throw new CodecException("token amount of more than " + MAX_BITS + " bits");
        }
    }

    public static TokenAmount ofAtto(long atto) {
        return new TokenAmount(BigInteger.valueOf(atto));
    }

    public static TokenAmount ofAtto(BigInteger atto) {
        return new TokenAmount(atto);
    }

    public static TokenAmount ofFil(long fil) {
        return new TokenAmount(BigInteger.valueOf(fil).multiply(BigInteger.TEN.pow(18)));
    }

    /** A decimal count of attoFIL, as JSON-RPC and the database have it. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public static TokenAmount parseAtto(String digits) {
        if (digits.length() > MAX_DIGITS || !digits.matches("-?[0-9]+")) {
            throw new CodecException("not a decimal count of attoFIL");
        }
        return new TokenAmount(new BigInteger(digits));
    }

    /** An amount as people write it: {@code 0.05 FIL}, {@code 20 nanoFIL}, {@code 500 attoFIL}; without a unit, FIL. */
    public static TokenAmount parse(String text) {
        Matcher amount = AMOUNT.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (text.length() > MAX_TEXT || !amount.matches() || !UNITS.containsKey(amount.group(2))) {
            throw new CodecException("not an amount like \"0.05 FIL\"");
        }
        try {
            return new TokenAmount(new BigDecimal(amount.group(1)).movePointRight(UNITS.get(amount.group(2)))
                    .toBigIntegerExact());
        } catch (ArithmeticException e) {
            throw new CodecException("\"" + text + "\" is finer than one attoFIL", e);
        }
    }

    public TokenAmount plus(TokenAmount other) {
        return new TokenAmount(atto.add(other.atto));
    }

    public TokenAmount minus(TokenAmount other) {
        return new TokenAmount(atto.subtract(other.atto));
    }

    public TokenAmount times(long factor) {
        return new TokenAmount(atto.multiply(BigInteger.valueOf(factor)));
    }

    /** {@code floor(this × numerator / denominator)}. */
    public TokenAmount timesRatio(long numerator, long denominator) {
        BigInteger[] parts = atto.multiply(BigInteger.valueOf(numerator))
                .divideAndRemainder(BigInteger.valueOf(denominator));
        boolean below = parts[1].signum() != 0 && parts[1].signum() * Long.signum(denominator) < 0;
        return new TokenAmount(below ? parts[0].subtract(BigInteger.ONE) : parts[0]);
    }

    public TokenAmount max(TokenAmount other) {
        return compareTo(other) >= 0 ? this : other;
    }

    public TokenAmount min(TokenAmount other) {
        return compareTo(other) <= 0 ? this : other;
    }

    public boolean isZero() {
        return atto.signum() == 0;
    }

    public boolean isNegative() {
        return atto.signum() < 0;
    }

    public boolean isLessThan(TokenAmount other) {
        return compareTo(other) < 0;
    }

    public boolean isMoreThan(TokenAmount other) {
        return compareTo(other) > 0;
    }

    public void writeTo(CborWriter out) {
        out.bigInt(atto);
    }

    public static TokenAmount readFrom(CborReader in) {
        return new TokenAmount(in.bigInt());
    }

    /** Decimal attoFIL without a unit, for JSON-RPC and the database. */
    @JsonValue
    public String toAttoString() {
        return atto.toString();
    }

    @Override
    public int compareTo(TokenAmount other) {
        return atto.compareTo(other.atto);
    }

    /** For people: exact, in FIL, as {@code 0.05 FIL}. */
    @Override
    public String toString() {
        BigDecimal fil = new BigDecimal(atto, 18).stripTrailingZeros();
        return fil.setScale(Math.max(0, fil.scale())).toPlainString() + " FIL";
    }
}
