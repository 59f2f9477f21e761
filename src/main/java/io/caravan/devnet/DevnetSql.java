package io.caravan.devnet;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The statements under {@code sql/devnet}, one a file, by {@code <table>/<verb>}. */
final class DevnetSql {

    private final Map<String, String> statements = new ConcurrentHashMap<>();

    String of(String name) {
        return statements.computeIfAbsent(name, DevnetSql::read);
    }

    private static String read(String name) {
        String path = "/sql/devnet/" + name + ".sql";
        try (InputStream in = DevnetSql.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("there is no statement " + path);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }
}
