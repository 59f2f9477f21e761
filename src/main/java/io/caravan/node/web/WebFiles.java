package io.caravan.node.web;

import io.caravan.codec.Hashes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;

/**
 * The dashboard's own files, read from the class path when they are first asked for: each with its bytes, the same compressed, and its
 * hash. {@link #version()} is a hash of all of them: what is served below it may be kept for ever, because a changed file changes it.
 */
final class WebFiles {

    /** Every file of {@code web/dashboard/}; a test holds it to the folder. */
    static final List<String> NAMES = List.of("index.html", "base.css", "parts.css", "icon.svg", "app.js", "rpc.js", "dom.js",
            "format.js", "words.js", "dialog.js", "plot.js", "deal-parts.js", "page-overview.js", "page-deals.js", "page-deal.js",
            "page-pipeline.js", "page-funds.js", "page-peers.js", "page-asks.js", "page-routes.js", "page-alerts.js");

    private static final Map<String, String> TYPES = Map.of("html", "text/html; charset=utf-8", "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8", "svg", "image/svg+xml");
    /** In index.html, where the version comes. */
    private static final String VERSION = "{{version}}";

    private final Map<String, WebFile> files = new LinkedHashMap<>();
    private final String version;

    /**
     * One file.
     *
     * @param etag quoted, as the header has it
     */
    record WebFile(String type, byte[] bytes, byte[] gzip, String etag) {}

    WebFiles() {
        Map<String, byte[]> read = new LinkedHashMap<>();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (String name : NAMES) {
            byte[] bytes = bytes(name);
            read.put(name, bytes);
            all.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            all.writeBytes(bytes);
        }
        version = hash(all.toByteArray());
        byte[] index = new String(read.get("index.html"), StandardCharsets.UTF_8).replace(VERSION, version).getBytes(StandardCharsets.UTF_8);
        read.put("index.html", index);
        read.forEach((name, bytes) -> files.put(name, new WebFile(TYPES.get(name.substring(name.lastIndexOf('.') + 1)), bytes, gzip(bytes),
                "\"" + hash(bytes) + "\"")));
    }

    /** Twenty hexadecimal digits that change when any file does. */
    String version() {
        return version;
    }

    Optional<WebFile> find(String name) {
        return Optional.ofNullable(files.get(name));
    }

    private static byte[] bytes(String name) {
        try (InputStream in = WebFiles.class.getResourceAsStream("/web/dashboard/" + name)) {
            if (in == null) {
                throw new IllegalStateException("no web/dashboard/" + name + " on the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static String hash(byte[] bytes) {
        return HexFormat.of().formatHex(Hashes.sha256(bytes)).substring(0, 20);
    }
}
