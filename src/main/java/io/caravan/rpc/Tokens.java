package io.caravan.rpc;

import java.util.List;

/**
 * Issues and checks bearer tokens: JWT, HS256, payload {@code {"Allow":[…]}}, no expiry (spec: chain-and-rpc §1.3).
 */
public final class Tokens {
    private Tokens() {}

    /** Tokens under a secret of at least 32 bytes. */
    public static Tokens ofSecret(byte[] secret) {
        throw new UnsupportedOperationException();
    }

    /** A token that carries these rights in this order. */
    public String issue(List<Permission> permissions) {
        throw new UnsupportedOperationException();
    }

    /**
     * The rights of a token.
     *
     * @throws IllegalArgumentException in one sentence if the token is malformed or not signed by our secret
     */
    public List<Permission> verify(String token) {
        throw new UnsupportedOperationException();
    }
}
