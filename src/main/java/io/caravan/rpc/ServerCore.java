package io.caravan.rpc;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What all connections of one server share. */
record ServerCore(Supplier<ServerLimits> allowed, Dispatcher dispatcher, HttpCalls calls, Gate gate, BrowserCheck browsers,
        HttpReplies replies, CallRates rates, Map<String, HttpPage> pages, Executor workers, ByteBudget budget) {

    static final String V0 = "/rpc/v0";
    static final String V1 = "/rpc/v1";
    private static final String BEARER = "Bearer ";
    /** By any of them a proxy shows that its caller is somebody else. */
    private static final List<String> PROXIES = List.of("X-Forwarded-For", "Forwarded", "X-Forwarded-Host", "X-Forwarded-Proto",
            "X-Real-IP", "Via");

    /** What a caller may cost now. */
    ServerLimits limits() {
        return allowed.get();
    }

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
     * What a request shows of its caller.
     *
     * @param token the query's, which counts where there is no Authorization header; null without one
     * @throws IllegalArgumentException if that header is of another kind than ours
     */
    Gate.Credentials credentials(Channel channel, HttpHeaders headers, @Nullable String token) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        String shown = token == null || token.isEmpty() ? null : token;
        if (authorization != null) {
            if (!authorization.startsWith(BEARER)) {
                throw new IllegalArgumentException("the Authorization header does not start with Bearer");
            }
            shown = authorization.substring(BEARER.length()).strip();
        }
        InetAddress from = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        boolean isLocal = from.isLoopbackAddress() && PROXIES.stream().noneMatch(headers::contains);
        return new Gate.Credentials(from, isLocal, ((InetSocketAddress) channel.localAddress()).getPort(), shown,
                headers.get(HttpHeaderNames.COOKIE));
    }
}
