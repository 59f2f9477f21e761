package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborLimits;
import io.caravan.codec.CborReader;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message that is a CBOR map, each as its raw bytes, so that what was signed can be verified as it
 * came. Any key order is taken, an unknown key is skipped, of two equal keys the later wins, a missing key has its
 * type's zero value (wire-protocols §1.2).
 */
final class CborFields {

    private static final int MAX_KEY = 64;

    private final Map<String, Bytes> fields;

    private final CborLimits limits;

    private CborFields(Map<String, Bytes> fields, CborLimits limits) {
        this.fields = fields;
        this.limits = limits;
    }

    /** Fields of a message that is one map and nothing behind it. */
    static CborFields of(byte[] message) {
        CborReader in = new CborReader(message);
        CborFields fields = read(in, CborLimits.CBOR_GEN);
        in.end();
        return fields;
    }

    /** Fields of the map that is next; values are read within the limits. */
    static CborFields read(CborReader in, CborLimits limits) {
        Map<String, Bytes> fields = new HashMap<>();
        int entries = in.map();
        for (int i = 0; i < entries; i++) {
            String key = in.textLossy(MAX_KEY);
            fields.put(key, in.raw());
        }
        return new CborFields(fields, limits);
    }

    /** The raw value; null if the key is missing or the value is null. */
    @Nullable Bytes find(String key) {
        Bytes raw = fields.get(key);
        return raw == null || raw.size() == 1 && raw.at(0) == (byte) 0xf6 ? null : raw;
    }

    /** The value; null if the key is missing or the value is null. */
    <T> @Nullable T optional(String key, Function<CborReader, T> read) {
        Bytes raw = find(key);
        if (raw == null) {
            return null;
        }
        CborReader in = new CborReader(raw.toArray(), limits);
        T value = read.apply(in);
        in.end();
        return value;
    }

    <T> T required(String key, Function<CborReader, T> read) {
        T value = optional(key, read);
        if (value == null) {
            throw new CodecException("no " + key);
        }
        return value;
    }

    /** Null is refused, a missing key is the given value. */
    <T> T orElse(String key, T otherwise, Function<CborReader, T> read) {
        return fields.containsKey(key) ? required(key, read) : otherwise;
    }

    long uint(String key) {
        return orElse(key, 0L, CborReader::uint);
    }

    boolean bool(String key) {
        return orElse(key, false, CborReader::bool);
    }

    /** Text for people. */
    String text(String key, int max) {
        return orElse(key, "", in -> in.textLossy(max));
    }

    @Nullable Cid cid(String key) {
        return optional(key, CborReader::cid);
    }
}
