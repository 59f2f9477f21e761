package io.caravan.rpc;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Answers plain HTTP under a path prefix: pages, health, metrics. Runs on a worker thread. */
@FunctionalInterface
public interface HttpPage {
    /** Answers one request; what it throws becomes a 500 without detail. */
    Reply handle(Request request) throws Exception;

    /**
     * One request.
     *
     * @param method in upper case
     * @param path decoded, always starting with a slash, never holding {@code ..}
     * @param query everything after the question mark, raw, empty if none
     * @param headers names in lower case, the last value of each
     * @param body bounded by the server's limit
     * @param caller who asks
     */
    record Request(String method, String path, String query, Map<String, String> headers, byte[] body,
            Caller caller) {

        /** What the caller may. */
        public Set<Permission> permissions() {
            return caller.permissions();
        }
    }

    /**
     * One answer.
     *
     * @param headers beyond Content-Type and Content-Length
     * @param stream in the place of the body, for one that is too long to be held; null for none
     * @param cookies that it sets, each with its attributes
     */
    record Reply(int status, String contentType, Map<String, String> headers, byte[] body, @Nullable Stream stream, List<String> cookies) {
        private static final byte[] NOTHING = {};

        public Reply(int status, String contentType, Map<String, String> headers, byte[] body) {
            this(status, contentType, headers, body, null, List.of());
        }

        /** A long one: as many bytes as the stream says, read as fast as the caller takes them, then closed. */
        public static Reply of(int status, String contentType, Map<String, String> headers, Stream stream) {
            return new Reply(status, contentType, headers, NOTHING, stream, List.of());
        }

        /** The same, which sets these cookies too. */
        public Reply with(List<String> more) {
            return new Reply(status, contentType, headers, body, stream, more);
        }

        /** 200 with that content. */
        public static Reply ok(String contentType, byte[] body) {
            return new Reply(200, contentType, Map.of(), body);
        }

        /** That status with one line of text. */
        public static Reply text(int status, String line) {
            return new Reply(status, "text/plain; charset=utf-8", Map.of(),
                    (line + "\n").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    /**
     * A long body.
     *
     * @param bytes closed in any case; what it throws ends the connection before the body is whole
     * @param length how many bytes go out
     */
    record Stream(InputStream bytes, long length) {}
}
