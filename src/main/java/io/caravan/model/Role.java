package io.caravan.model;

import java.util.Locale;

/** The side of the market on which we see a deal. "Daemon" and "miner" are names of processes, not of roles. */
public enum Role {
    CLIENT, PROVIDER;

    private final String text = name().toLowerCase(Locale.ROOT);

    /** The word in SQL rows, route options and JSON: {@code client} or {@code provider}. */
    public String text() {
        return text;
    }

    /** @throws IllegalArgumentException for any other word, in a sentence that names it */
    public static Role of(String text) {
        for (Role role : values()) {
            if (role.text.equals(text)) {
                return role;
            }
        }
        throw new IllegalArgumentException("no role '" + text + "': it is client or provider");
    }
}
