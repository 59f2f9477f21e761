package io.caravan.codec;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * JSON as Lotus writes and reads it (chain-and-rpc §1.5): a CID is {@code {"/":"…"}}, bytes are base64, big integers
 * decimal strings, an {@link Instant} RFC 3339 (Go's zero time is {@link #ZERO_TIME}), a {@link Duration} nanoseconds,
 * and a null list reads as the empty list.
 */
public final class LotusJson {

    /** What Go prints for a time that was never set: year 1. */
    public static final Instant ZERO_TIME = Instant.parse("0001-01-01T00:00:00Z");

    private static final int MAX_DIGITS = 400;

    private LotusJson() {
    }

    /** A new mapper with these shapes; unknown fields are ignored, names match in any case as in Go. */
    public static ObjectMapper newMapper() {
        ObjectMapper mapper = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .addModule(module())
                .build();
        mapper.configOverride(List.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.AS_EMPTY));
        return mapper;
    }

    /** The shapes alone, for a mapper that is configured elsewhere. */
    public static SimpleModule module() {
        SimpleModule module = new SimpleModule("lotus");
        add(module, Cid.class, LotusJson::cid, (json, cid) -> {
            json.writeStartObject();
            json.writeStringField("/", cid.toString());
            json.writeEndObject();
        });
        add(module, Bytes.class, LotusJson::bytes, (json, bytes) -> json.writeString(bytes.base64()));
        add(module, BigInteger.class, LotusJson::bigInt, (json, number) -> json.writeString(number.toString()));
        add(module, Instant.class, LotusJson::instant, (json, instant) -> json.writeString(instant.toString()));
        add(module, Duration.class, node -> Duration.ofNanos(integer(node)),
                (json, duration) -> json.writeNumber(duration.toNanos()));
        return module;
    }

    /** {@code {"/":"bafy…"}}; null stays null. */
    public static JsonNode cid(@Nullable Cid cid) {
        return cid == null ? JsonNodeFactory.instance.nullNode()
                : JsonNodeFactory.instance.objectNode().put("/", cid.toString());
    }

    /** The CID of {@code {"/":"…"}}; a bare string is refused, as Lotus does. */
    public static Cid cid(JsonNode node) {
        if (!node.isObject() || !node.path("/").isTextual()) {
            throw new CodecException("a CID in JSON is {\"/\":\"…\"}");
        }
        return Cid.parse(node.get("/").textValue());
    }

    public static Bytes bytes(JsonNode node) {
        return Bytes.ofBase64(text(node, "bytes in base64"));
    }

    /** A decimal string; numbers are refused, as Lotus does. */
    public static BigInteger bigInt(JsonNode node) {
        String text = text(node, "a big integer in a string");
        if (text.length() > MAX_DIGITS || !text.matches("-?[0-9]+")) {
            throw new CodecException("not a decimal integer");
        }
        return new BigInteger(text);
    }

    /** A JSON integer of 64 bits; fractions and strings are refused. */
    public static long integer(JsonNode node) {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw new CodecException("not an integer of 64 bits");
        }
        return node.longValue();
    }

    private static Instant instant(JsonNode node) {
        try {
            return OffsetDateTime.parse(text(node, "a time")).toInstant();
        } catch (DateTimeException e) {
            throw new CodecException("not a time like 2006-01-02T15:04:05Z", e);
        }
    }

    private static String text(JsonNode node, String what) {
        if (!node.isTextual()) {
            throw new CodecException("not " + what);
        }
        return node.textValue();
    }

    private interface Read<T> {
        T of(JsonNode node);
    }

    private interface Write<T> {
        void to(JsonGenerator json, T value) throws IOException;
    }

    private static <T> void add(SimpleModule module, Class<T> type, Read<T> read, Write<T> write) {
        module.addDeserializer(type, new StdDeserializer<T>(type) {
            private static final long serialVersionUID = 1L;

            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                if (parser.currentToken() == JsonToken.VALUE_NULL) {
                    return null;
                }
                try {
                    return read.of(parser.readValueAsTree());
                } catch (CodecException e) {
                    throw JsonMappingException.from(parser, e.getMessage(), e);
                }
            }
        });
        module.addSerializer(type, new StdSerializer<T>(type) {
            private static final long serialVersionUID = 1L;

            @Override
            public void serialize(T value, JsonGenerator json, SerializerProvider provider) throws IOException {
                write.to(json, value);
            }
        });
    }
}
