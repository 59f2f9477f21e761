package io.caravan.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The byte vectors of {@code vectors/wire.json}, by name. */
public final class WireVectors {

    private static final JsonNode ALL = load();

    private WireVectors() {
    }

    public static byte[] bytes(String name) {
        return Bytes.ofHex(vector(name).get("hex").textValue()).toArray();
    }

    /** The note beside the bytes: usually the text form of the same value. */
    public static String note(String name) {
        return vector(name).get("note").textValue();
    }

    public static List<String> names() {
        List<String> names = new ArrayList<>();
        ALL.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode vector(String name) {
        JsonNode vector = ALL.get(name);
        if (vector == null) {
            throw new IllegalArgumentException("no vector " + name);
        }
        return vector;
    }

    private static JsonNode load() {
        try (InputStream in = WireVectors.class.getResourceAsStream("/vectors/wire.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
