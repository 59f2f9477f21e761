package io.caravan.rpc;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes answers; each carries what tells a browser to trust nothing else. */
final class HttpReplies {

    /** A page that needs more says so in its own headers. */
    private static final Map<String, String> GUARDS = Map.of(
            "Content-Security-Policy", "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
                    + " object-src 'none'",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin",
            "Cache-Control", "no-store");
    private static final String YEAR = "max-age=31536000";

    private final boolean isSecure;

    /** @param isSecure whether callers may be told to come by TLS only */
    HttpReplies(boolean isSecure) {
        this.isSecure = isSecure;
    }

    FullHttpResponse of(HttpResponseStatus status, byte[] content, @Nullable String contentType) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(content));
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, content.length);
        if (contentType != null) {
            response.headers().set(HttpHeaderNames.CONTENT_TYPE, contentType);
        }
        guard(response.headers());
        return response;
    }

    FullHttpResponse json(int status, byte[] content) {
        return of(HttpResponseStatus.valueOf(status), content, "application/json");
    }

    /** With that time to wait, in seconds. */
    FullHttpResponse tooMany(byte[] content, int retryAfter) {
        FullHttpResponse response = json(429, content);
        response.headers().setInt(HttpHeaderNames.RETRY_AFTER, retryAfter);
        return response;
    }

    FullHttpResponse text(HttpResponseStatus status, String sentence) {
        return of(status, (sentence + "\n").getBytes(StandardCharsets.UTF_8), "text/plain; charset=utf-8");
    }

    /** What a page answered; for HEAD without its body. */
    FullHttpResponse page(HttpPage.Reply reply, boolean isHeadOnly) {
        FullHttpResponse response = of(HttpResponseStatus.valueOf(reply.status()), reply.body(), reply.contentType());
        guard(response.headers(), reply);
        if (isHeadOnly) {
            response.content().clear();
        }
        return response;
    }

    /** Sets what every answer says, then what this one says; a line break in a value is refused by the headers. */
    void guard(HttpHeaders headers, HttpPage.Reply reply) {
        guard(headers);
        reply.headers().forEach(headers::set);
        reply.cookies().forEach(cookie -> headers.add(HttpHeaderNames.SET_COOKIE, cookie));
    }

    private void guard(HttpHeaders headers) {
        GUARDS.forEach(headers::set);
        if (isSecure) {
            headers.set("Strict-Transport-Security", YEAR);
        }
    }
}
