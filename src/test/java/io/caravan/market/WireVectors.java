package io.caravan.market;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** The byte-exact messages of {@code vectors/wire.json}, by name. */
final class WireVectors {

    private static final JsonNode ALL = load();

    private WireVectors() {
    }

    static byte[] get(String name) {
        JsonNode node = ALL.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no vector " + name);
        }
        return Bytes.ofHex(node.get("hex").asText()).toArray();
    }

    static Cid cid(String name) {
        return Cid.ofBytes(get(name));
    }

    private static JsonNode load() {
        try (InputStream in = WireVectors.class.getResourceAsStream("/vectors/wire.json")) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
