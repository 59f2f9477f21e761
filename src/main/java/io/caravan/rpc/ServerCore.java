package io.caravan.rpc;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** What all connections of one server share. */
record ServerCore(ServerConfig config, Dispatcher dispatcher, HttpCalls calls, Tokens tokens,
        Map<String, HttpPage> pages, Executor workers, ByteBudget budget) {

    static final String V0 = "/rpc/v0";
    static final String V1 = "/rpc/v1";
    private static final String BEARER = "Bearer ";

    static boolean isRpc(String path) {
        return path.equals(V0) || path.equals(V1);
    }

    static int apiVersion(String path) {
        return path.equals(V0) ? 0 : 1;
    }

    /** The page whose prefix is the longest that the path starts with. */
    @Nullable HttpPage page(String path) {
        HttpPage found = null;
        int longest = -1;
        for (Map.Entry<String, HttpPage> page : pages.entrySet()) {
            if (page.getKey().length() > longest && path.startsWith(page.getKey())) {
                longest = page.getKey().length();
                found = page.getValue();
            }
        }
        return found;
    }

    /**
     * What the bearer of this may do.
     *
     * @param header the Authorization header, null without one
     * @param query the token parameter, null without one
     * @throws IllegalArgumentException if there is a token and it is none of ours
     */
    Set<Permission> permissions(@Nullable String header, @Nullable String query) {
        if (header != null) {
            if (!header.startsWith(BEARER)) {
                throw new IllegalArgumentException("the Authorization header does not start with Bearer");
            }
            return verified(header.substring(BEARER.length()).strip());
        }
        return query == null || query.isEmpty() ? Permission.ofNobody() : verified(query);
    }

    private Set<Permission> verified(String token) {
        Collection<Permission> allowed = List.copyOf(tokens.verify(token));
        return Permission.setOf(allowed);
    }
}
