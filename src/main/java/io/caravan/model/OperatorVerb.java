package io.caravan.model;

import java.util.Arrays;
import java.util.Locale;

/** What an operator can do to a deal by hand; the word of the audit's rows and of the terminal. */
public enum OperatorVerb {
    /** Try the state's work again now: unparks, forgets failed tries, gives a late state its time anew. */
    RETRY("retry"),
    /** End the deal on both sides, while nothing of it is on chain. */
    CANCEL("cancel"),
    /** End the deal on this side as failed, while nothing of it is on chain. */
    FAIL("fail"),
    /** Go back to an earlier state of {@link Rewinds}. */
    REWIND("rewind"),
    /** Give back what a deal still holds that needs no money any more. */
    RELEASE_FUNDS("release-funds");

    private final String text;

    OperatorVerb(String text) {
        this.text = text;
    }

    /** E.g. {@code release-funds}. */
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException naming a word that is no verb */
    public static OperatorVerb of(String text) {
        return Arrays.stream(values()).filter(verb -> verb.text.equals(text.toLowerCase(Locale.ROOT))).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("operators have no verb '" + text + "'"));
    }
}
