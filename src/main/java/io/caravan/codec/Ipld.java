package io.caravan.codec;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node of the IPLD data model, for messages and selectors whose shape is open. The {@code as…} methods and
 * {@link #get} refuse a node of another kind with a {@link CodecException}. Encode and decode with {@link DagCbor}.
 */
public sealed interface Ipld {

    Ipld NULL = new Nul();

    /** null. */
    record Nul() implements Ipld { }

    record Bool(boolean value) implements Ipld { }

    /** −2^64 … 2^64−1. */
    record Int(BigInteger value) implements Ipld {

        public Int {
            if (value.bitLength() > 64) {
                throw new CodecException("an IPLD integer has at most 64 bits");
            }
        }
    }

    /** A finite 64-bit float; only user blocks hold them. */
    record Real(double value) implements Ipld {

        public Real {
            if (!Double.isFinite(value)) {
                throw new CodecException("an IPLD float is finite");
            }
        }
    }

    /** Text as its raw bytes: peer ids are text that is not UTF-8. */
    record Text(Bytes raw) implements Ipld { }

    record Binary(Bytes value) implements Ipld { }

    record Link(Cid cid) implements Ipld { }

    record Items(List<Ipld> items) implements Ipld {

        public Items {
            items = List.copyOf(items);
        }
    }

    /** Keys keep the order they came in; encoding sorts them. */
    record Fields(Map<String, Ipld> fields) implements Ipld {

        public Fields {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }
    }

    static Ipld of(boolean value) {
        return new Bool(value);
    }

    static Ipld of(long value) {
        return new Int(BigInteger.valueOf(value));
    }

    static Ipld of(String value) {
        return new Text(Bytes.utf8(value));
    }

    static Ipld of(Bytes value) {
        return new Binary(value);
    }

    static Ipld of(Cid value) {
        return new Link(value);
    }

    /** The 64 bits of {@code value} as an unsigned number. */
    static Ipld ofUnsigned(long value) {
        return new Int(new BigInteger(Long.toUnsignedString(value)));
    }

    static Ipld list(Ipld... items) {
        return new Items(List.of(items));
    }

    /** A map of alternating keys (String) and values (Ipld). */
    static Ipld map(Object... keysAndValues) {
        Map<String, Ipld> fields = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            fields.put((String) keysAndValues[i], (Ipld) keysAndValues[i + 1]);
        }
        return new Fields(fields);
    }

    default boolean isNull() {
        return this instanceof Nul;
    }

    /** A number that fits 64 signed bits. */
    default long asLong() {
        BigInteger value = as(Int.class).value();
        if (value.bitLength() > 63) {
            throw new CodecException("number of more than 63 bits");
        }
        return value.longValue();
    }

    /** The bits of a number 0 … 2^64−1. */
    default long asUnsigned() {
        BigInteger value = as(Int.class).value();
        if (value.signum() < 0) {
            throw new CodecException("negative where an unsigned number belongs");
        }
        return value.longValue();
    }

    /** Text that must be UTF-8. */
    default String asText() {
        try {
            ByteBuffer raw = as(Text.class).raw().asBuffer();
            return StandardCharsets.UTF_8.newDecoder().decode(raw).toString();
        } catch (CharacterCodingException e) {
            throw new CodecException("text is not UTF-8", e);
        }
    }

    default Bytes asTextBytes() {
        return as(Text.class).raw();
    }

    default List<Ipld> items() {
        return as(Items.class).items();
    }

    default Map<String, Ipld> fields() {
        return as(Fields.class).fields();
    }

    /** The value at {@code key}, which must be there. */
    default Ipld get(String key) {
        Ipld value = find(key);
        if (value == null) {
            throw new CodecException("no field " + key);
        }
        return value;
    }

    /** The value at {@code key} of a map, or null when it has none. */
    default @Nullable Ipld find(String key) {
        return fields().get(key);
    }

    private <T extends Ipld> T as(Class<T> kind) {
        if (!kind.isInstance(this)) {
            throw new CodecException(getClass().getSimpleName() + " where " + kind.getSimpleName() + " belongs");
        }
        return kind.cast(this);
    }
}
