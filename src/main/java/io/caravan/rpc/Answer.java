package io.caravan.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a call came to: a result or an error, and whom to tell. Keys are written in go-jsonrpc's order; a void method
 * answers {@code "result":null}.
 *
 * @param id null for a notification, which is never answered, unless the request itself could not be read
 * @param error null on success
 */
record Answer(@Nullable JsonNode id, @Nullable Object result, @Nullable RpcException error) {
    private static final Logger LOG = LoggerFactory.getLogger(Answer.class);

    static Answer of(@Nullable JsonNode id, @Nullable Object result) {
        return new Answer(id, result, null);
    }

    static Answer of(@Nullable JsonNode id, RpcException error) {
        return new Answer(id, null, error);
    }

    int httpStatus() {
        return error == null ? 200 : RpcError.httpStatusOf(error.code());
    }

    /** The JSON text with a newline at its end; a result that cannot be written becomes an error. */
    byte[] toJson(ObjectMapper mapper) {
        try {
            return written(mapper);
        } catch (IOException e) {
            LOG.error("a result of type {} cannot be written as JSON: {}",
                    result == null ? "null" : result.getClass().getName(), e.getMessage());
            RpcException fault = new RpcException(RpcError.PANIC, "the result cannot be written as JSON");
            try {
                return of(id, fault).written(mapper);
            } catch (IOException again) {
                throw new UncheckedIOException(again);
            }
        }
    }

    private byte[] written(ObjectMapper mapper) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = mapper.createGenerator(out)) {
            json.writeStartObject();
            if (error != null) {
                writeError(json, error);
            }
            json.writeFieldName("id");
            if (id == null) {
                json.writeNull();
            } else {
                json.writeTree(id);
            }
            json.writeStringField("jsonrpc", "2.0");
            if (error == null) {
                json.writeFieldName("result");
                mapper.writeValue(json, result);
            }
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (JsonProcessingException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IOException(e);
        }
        return out.toByteArray();
    }

    private static void writeError(JsonGenerator json, RpcException error) throws IOException {
        json.writeObjectFieldStart("error");
        json.writeNumberField("code", error.code());
        json.writeStringField("message", String.valueOf(error.getMessage()));
        JsonNode data = error.data();
        if (data != null) {
            json.writeFieldName("data");
            json.writeTree(data);
        }
        json.writeEndObject();
    }
}
