package io.caravan.node.web;

import io.caravan.rpc.HttpPage;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The dashboard at {@code /}: one document for all its pages, which the browser tells apart, and its files below
 * {@code /web/VERSION/}, where they may be kept for ever. Holds nothing secret: what the pages show comes by JSON-RPC, by the
 * caller's rights.
 */
public final class DashboardPage implements HttpPage {

    private static final String FILES = "/web/";
    private static final String FOR_EVER = "public, max-age=31536000, immutable";
    private static final String ASK_AGAIN = "no-cache";

    /** Read when the first browser comes, not at the start. */
    private @Nullable WebFiles files;

    private synchronized WebFiles files() {
        if (files == null) {
            files = new WebFiles();
        }
        return files;
    }

    @Override
    public Reply handle(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return new Reply(405, "text/plain; charset=utf-8", Map.of("Allow", "GET, HEAD"), "only GET and HEAD\n".getBytes(StandardCharsets.UTF_8));
        }
        String path = request.path();
        if (path.equals("/") || path.equals("/index.html")) {
            return reply(request, files().find("index.html").orElseThrow(), ASK_AGAIN);
        }
        if (path.equals("/favicon.ico")) {
            return reply(request, files().find("icon.svg").orElseThrow(), ASK_AGAIN);
        }
        String below = FILES + files().version() + "/";
        Optional<WebFiles.WebFile> file = path.startsWith(below) ? files().find(path.substring(below.length())) : Optional.empty();
        return file.map(found -> reply(request, found, FOR_EVER)).orElseGet(() -> Reply.text(404,
                "nothing is served at this path; the dashboard is at /"));
    }

    private static Reply reply(Request request, WebFiles.WebFile file, String cache) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Cache-Control", cache);
        headers.put("ETag", file.etag());
        headers.put("Vary", "Accept-Encoding");
        if (file.etag().equals(request.headers().get("if-none-match"))) {
            return new Reply(304, file.type(), headers, new byte[0]);
        }
        if (request.headers().getOrDefault("accept-encoding", "").contains("gzip")) {
            headers.put("Content-Encoding", "gzip");
            return new Reply(200, file.type(), headers, file.gzip());
        }
        return new Reply(200, file.type(), headers, file.bytes());
    }
}
