package io.caravan.model;

import java.util.Arrays;
import java.util.Locale;

/** Who or what can end a wait; the word of rows, lists and pages, so a constant is never renamed. */
public enum WaitsOn {
    /** The other side of the deal: its answer, its data, its connection. */
    PEER("the other side"),
    /** The chain: a message to land or to get deep enough, a state of the market or of the sector to show. */
    CHAIN("the chain"),
    /** Our sealing: a free place, a sector, a proof. */
    SEALER("sealing"),
    /** A person: nothing goes on before one acts. */
    OPERATOR("an operator"),
    /** Only time: an epoch, a batch to close, the next try. */
    TIME("time"),
    /** Money: a wallet or an escrow that is too low. */
    MONEY("money"),
    /** This node itself: a place in a queue, a disk, a computation. */
    NODE("this node");

    private final String label;

    WaitsOn(String label) {
        this.label = label;
    }

    /** The word in rows and RPC answers, e.g. {@code peer}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For sentences, e.g. {@code the other side}. */
    public String label() {
        return label;
    }

    /** @throws IllegalArgumentException naming a word that is none, and those that are */
    public static WaitsOn of(String text) {
        return Arrays.stream(values()).filter(on -> on.text().equalsIgnoreCase(text)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("nothing waits on '" + text + "'; it is one of "
                        + String.join(", ", Arrays.stream(values()).map(WaitsOn::text).toList())));
    }
}
