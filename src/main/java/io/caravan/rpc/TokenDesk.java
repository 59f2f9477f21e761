package io.caravan.rpc;

import java.util.List;

/** Where tokens are made for callers, and said what they may. */
public interface TokenDesk {

    /** A new token with these rights, in this order, made for that caller. */
    String issue(List<Permission> permissions, Caller caller);

    /**
     * The rights of a token, in its order.
     *
     * @throws IllegalArgumentException in one sentence if it does not count
     */
    List<Permission> verify(String token);

    /** Makes tokens that stand in no list. */
    static TokenDesk of(Tokens tokens) {
        return new TokenDesk() {
            @Override
            public String issue(List<Permission> permissions, Caller caller) {
                return tokens.issue(permissions);
            }

            @Override
            public List<Permission> verify(String token) {
                return tokens.verify(token);
            }
        };
    }
}
