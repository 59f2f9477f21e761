package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request object, read as go-jsonrpc reads it (spec: chain-and-rpc §1.2).
 *
 * @param id a string or number; null for a notification
 */
record Envelope(@Nullable JsonNode id, String method, List<JsonNode> params) {

    /** A call or channel that stays open keeps its id. */
    private static final int MAX_ID_CHARS = 1024;

    /**
     * Reads a request object.
     *
     * @throws RpcException (−32700) if it is not one; {@link #idOf} still tells whom to answer
     */
    static Envelope read(JsonNode request) {
        if (!request.isObject()) {
            throw new RpcException(RpcError.PARSE, "unmarshaling request: expected an object");
        }
        JsonNode id = idOf(request);
        JsonNode given = request.path("id");
        if (given.isTextual() && given.textValue().length() > MAX_ID_CHARS) {
            throw new RpcException(RpcError.PARSE, "failed to parse ID: it has more than " + MAX_ID_CHARS + " characters");
        }
        if (id == null && !given.isMissingNode() && !given.isNull()) {
            throw new RpcException(RpcError.PARSE,
                    "failed to parse ID: invalid id type: expected a string or a number");
        }
        JsonNode method = request.path("method");
        if (!method.isTextual() && !method.isMissingNode()) {
            throw new RpcException(RpcError.PARSE, "unmarshaling request: expected a string as method");
        }
        return new Envelope(id, method.asText(""), paramsOf(request.path("params")));
    }

    /** The id to answer with; null if it is absent, null, too long or of no allowed type. */
    static @Nullable JsonNode idOf(JsonNode request) {
        JsonNode id = request.path("id");
        boolean finite = id.isNumber() && Double.isFinite(id.doubleValue());
        return id.isTextual() && id.textValue().length() <= MAX_ID_CHARS || finite ? id : null;
    }

    private static List<JsonNode> paramsOf(JsonNode params) {
        if (params.isMissingNode() || params.isNull()) {
            return List.of();
        }
        if (!params.isArray()) {
            throw new RpcException(RpcError.PARSE,
                    "unmarshaling param array: expected a list of positional parameters");
        }
        List<JsonNode> list = new ArrayList<>(params.size());
        params.forEach(list::add);
        return list;
    }
}
