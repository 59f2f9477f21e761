package io.caravan.node.hawtio;

import io.caravan.rpc.HttpPage;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;
import java.util.Map;
import java.util.regex.Pattern;

/** Hawtio's own files, from its jar; none of them holds anything of this node, so everybody may have them. */
final class ConsoleFiles {

    private static final String FOLDER = "/hawtio-static/";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*");
    /** Files whose name changes with their content. */
    private static final Pattern HASHED = Pattern.compile("static/.*\\.[0-9a-f]{8,}\\..*");
    /** Longer ones go out as fast as they are taken, and are nowhere whole. */
    private static final int HELD = 64 << 10;
    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8", "json", "application/json", "svg", "image/svg+xml", "png", "image/png",
            "ico", "image/x-icon", "woff2", "font/woff2", "ttf", "font/ttf", "txt", "text/plain; charset=utf-8");
    /** Its components write styles into the page, and its editor runs in a worker; scripts come as files only. */
    private static final String CSP = "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
            + " font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self';"
            + " form-action 'self'; frame-ancestors 'none'";

    /** The file of that name below {@code /hawtio/}; a name without an ending is one of the console's own places. */
    HttpPage.Reply reply(String name) throws IOException {
        boolean isPlace = name.isEmpty() || name.substring(name.lastIndexOf('/') + 1).indexOf('.') < 0;
        String file = isPlace ? "index.html" : name;
        String type = TYPES.get(file.substring(file.lastIndexOf('.') + 1));
        URL found = type == null || !NAME.matcher(file).matches() ? null : ConsoleFiles.class.getResource(FOLDER + file);
        if (found == null) {
            return HttpPage.Reply.text(404, "Hawtio has no such file");
        }
        return sent(found, file, type);
    }

    private HttpPage.Reply sent(URL found, String file, String type) throws IOException {
        Map<String, String> headers = Map.of("Content-Security-Policy", CSP,
                "Cache-Control", HASHED.matcher(file).matches() ? "public, max-age=31536000, immutable" : "no-cache");
        URLConnection connection = found.openConnection();
        connection.setUseCaches(true); // the jar stays open, as the class loader has it
        long length = connection.getContentLengthLong();
        if (length <= HELD) {
            try (InputStream in = connection.getInputStream()) {
                return new HttpPage.Reply(200, type, headers, in.readAllBytes());
            }
        }
        return HttpPage.Reply.of(200, type, headers, new HttpPage.Stream(connection.getInputStream(), length));
    }
}
