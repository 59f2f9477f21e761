package io.caravan.model;

/** Which letter addresses print with; both are read everywhere, and neither is part of an address's bytes. */
public enum Network {
    MAINNET('f'),
    TESTNET('t');

    private final char prefix;

    Network(char prefix) {
        this.prefix = prefix;
    }

    public char prefix() {
        return prefix;
    }
}
