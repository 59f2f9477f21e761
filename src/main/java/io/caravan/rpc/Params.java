package io.caravan.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * The positional parameters of one call with typed access. Every wrong parameter is refused in one sentence that names
 * the method, the position, the parameter and what was expected, with go-jsonrpc's code for it (−32700).
 */
public final class Params {
    private final String method;
    private final List<JsonNode> nodes;

    public Params(String method, List<JsonNode> nodes) {
        this.method = method;
        this.nodes = List.copyOf(nodes);
    }

    /** How many came. */
    public int size() {
        return nodes.size();
    }

    /** All of them as they came. */
    public List<JsonNode> nodes() {
        return nodes;
    }

    /** The parameter at that position (from 0) as it came; JSON null if there are fewer. */
    public JsonNode node(int position) {
        return position < nodes.size() ? nodes.get(position) : NullNode.getInstance();
    }

    /** Whether the parameter is absent or null. */
    public boolean isNull(int position) {
        return node(position).isNull();
    }

    /** A string. */
    public String text(int position, String name) {
        JsonNode node = node(position);
        if (!node.isTextual()) {
            throw wrong(position, name, "a string");
        }
        return node.textValue();
    }

    /** A whole number that fits 64 bits. */
    public long integer(int position, String name) {
        JsonNode node = node(position);
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong(position, name, "a whole number of at most 64 bits");
        }
        return node.longValue();
    }

    /** True or false. */
    public boolean bool(int position, String name) {
        JsonNode node = node(position);
        if (!node.isBoolean()) {
            throw wrong(position, name, "true or false");
        }
        return node.booleanValue();
    }

    /** A big whole number as Lotus writes amounts: a decimal string. */
    public BigInteger bigInteger(int position, String name) {
        JsonNode node = node(position);
        // 80 digits hold every amount; a longer text would cost quadratic time to convert.
        if (!node.isTextual() || !node.textValue().matches("-?[0-9]{1,80}")) {
            throw wrong(position, name, "a decimal number in quotes");
        }
        return new BigInteger(node.textValue());
    }

    /** Bytes as Lotus writes them: standard base64, null for none. */
    public byte[] bytes(int position, String name) {
        JsonNode node = node(position);
        if (node.isNull()) {
            return new byte[0];
        }
        try {
            return Base64.getDecoder().decode(text(position, name));
        } catch (IllegalArgumentException e) {
            throw wrong(position, name, "bytes in base64");
        }
    }

    /** A CID as Lotus writes it: {@code {"/":"bafy…"}}. */
    public Cid cid(int position, String name) {
        return parsed(position, name, LotusJson::cid);
    }

    /** A list; null reads as the empty list, as Go writes it. */
    public List<JsonNode> list(int position, String name) {
        JsonNode node = node(position);
        if (node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw wrong(position, name, "a list");
        }
        List<JsonNode> items = new ArrayList<>(node.size());
        node.forEach(items::add);
        return items;
    }

    /** An object. */
    public JsonNode object(int position, String name) {
        JsonNode node = node(position);
        if (!node.isObject()) {
            throw wrong(position, name, "an object");
        }
        return node;
    }

    /** Whatever the parser makes of the node; its complaint becomes part of the sentence. */
    public <T> T parsed(int position, String name, Function<JsonNode, T> parser) {
        try {
            return parser.apply(node(position));
        } catch (RpcException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw refused(position, name, String.valueOf(e.getMessage()));
        }
    }

    /** What the mapper makes of the node. */
    public <T> T as(int position, String name, ObjectMapper mapper, Class<T> type) {
        return parsed(position, name, node -> mapper.convertValue(node, type));
    }

    /** The refusal of a parameter: expected this, found what came. */
    public RpcException wrong(int position, String name, String expected) {
        return refused(position, name, "expected " + expected + ", found " + kindOf(node(position)));
    }

    /** The refusal of a parameter for a reason in words. */
    public RpcException refused(int position, String name, String reason) {
        return new RpcException(RpcError.PARSE,
                "unmarshaling params for '" + method + "' (param " + (position + 1) + ": " + name + "): " + reason);
    }

    private static String kindOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "a list";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "true or false";
            default -> "null";
        };
    }
}
