package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.model.Deal;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.DealSearch;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * {@code Caravan.DealSearch [text, limit]}: deals by what a person has in hand: the number the chain gave one, or how its proposal,
 * payload or piece CID or its label begins; newest first.
 */
public final class DealSearchApi {

    private static final int MOST = 100;
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private final ApiJson json;
    private final DealSearch search;
    private final DealSummary summary;

    public DealSearchApi(ApiJson json, DealSearch search) {
        this.json = json;
        this.search = search;
        this.summary = new DealSummary(json);
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.DealSearch", RpcMethod.read(2, this::find));
    }

    private JsonNode find(Params params, CallContext context) {
        String text = params.text(0, "text").strip();
        long limit = params.integer(1, "limit");
        boolean isNumber = NUMBER.matcher(text).matches();
        if (text.length() > DealSearch.LONGEST || text.length() < DealSearch.SHORTEST && !isNumber || text.indexOf('\0') >= 0) {
            throw DealListParams.wrong("L7 search-text", "a number, or %d to %d letters with which a CID or a label begins, are wanted"
                    .formatted(DealSearch.SHORTEST, DealSearch.LONGEST));
        }
        if (limit < 1 || limit > MOST) {
            throw DealListParams.wrong("L5 page-size", "1 to " + MOST + " deals are found at a time, not " + limit);
        }
        ArrayNode out = json.list();
        all(text, isNumber, (int) limit).stream().limit(limit).forEach(deal -> out.add(summary.of(deal)));
        return out;
    }

    private Set<Deal> all(String text, boolean isNumber, int limit) {
        Set<Deal> found = new LinkedHashSet<>(isNumber ? search.byNumber(Long.parseLong(text)) : List.of());
        if (text.length() >= DealSearch.SHORTEST) {
            found.addAll(search.byPrefix(text, limit));
        }
        return found;
    }
}
