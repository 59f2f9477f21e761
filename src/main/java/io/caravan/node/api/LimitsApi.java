package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** {@code Caravan.Limits []}: the limits in force, each with its key, its value and what it does. */
public final class LimitsApi {

    private final ApiJson json;
    private final List<String> prefixes;
    private final Supplier<Map<String, String>> words;
    private final Function<String, Optional<String>> values;

    /**
     * @param prefixes which keys are limits, such as {@code miner.accept.}; how often something is looked at is none
     * @param words what each key of the role is for, in the order of its file
     * @param values the value in force of a key; empty where none is set
     */
    public LimitsApi(ApiJson json, List<String> prefixes, Supplier<Map<String, String>> words, Function<String, Optional<String>> values) {
        this.json = json;
        this.prefixes = prefixes;
        this.words = words;
        this.values = values;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Limits", RpcMethod.read(0, this::limits));
    }

    private JsonNode limits(Params params, CallContext context) {
        ObjectNode out = json.object();
        ArrayNode list = out.putArray("limits");
        words.get().forEach((key, what) -> {
            if (prefixes.stream().anyMatch(key::startsWith) && !key.endsWith(".delay")) {
                list.addObject().put("key", key).put("value", shown(key)).put("what", what);
            }
        });
        return out;
    }

    /** A command may hold a secret: whether there is one is enough. */
    private String shown(String key) {
        String value = values.apply(key).orElse("");
        return key.endsWith(".filter") && !value.isEmpty() ? "set" : value;
    }
}
