package io.caravan.rpc;

import java.util.List;
import java.util.Set;

/** Knows callers by the signature of their tokens alone, as Lotus does; nobody may read, on this machine. */
final class TokenGate implements Gate {
    private final Tokens tokens;

    TokenGate(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public Caller admit(Credentials shown) {
        if (shown.token() == null) {
            return Caller.nobody(shown.address(), shown.isLocal() ? Permission.ofNobody() : Set.of());
        }
        List<Permission> permissions = tokens.verify(shown.token());
        return Caller.ofToken(shown.address(), Permission.setOf(permissions));
    }
}
