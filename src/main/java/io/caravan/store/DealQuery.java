package io.caravan.store;

import io.caravan.codec.Cid;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which deals a list shows. Every combination is answered from an index, so that a page costs the same beside a million
 * deals that have ended.
 *
 * @param states only these; empty means all
 * @param before only those made by that moment; null means all
 * @param party the other side's address as the proposal has it: the provider's at a daemon, the client's at a miner
 */
public record DealQuery(Set<DealState> states, @Nullable FilAddress party, @Nullable Cid pieceCid, @Nullable Instant before) {

    public DealQuery(Set<DealState> states, @Nullable FilAddress party, @Nullable Cid pieceCid) {
        this(states, party, pieceCid, null);
    }

    public static DealQuery ofStates(Set<DealState> states) {
        return new DealQuery(states, null, null);
    }

    /** The statement whose index leads to these deals. */
    String statement() {
        if (pieceCid != null) {
            return "deal/list-piece";
        }
        if (party != null) {
            return "deal/list-party";
        }
        return states.isEmpty() ? "deal/list" : "deal/list-states";
    }

    /** What that statement is told of the filter. */
    Map<String, @Nullable Object> parameters() {
        var parameters = new LinkedHashMap<String, @Nullable Object>();
        if (pieceCid != null) {
            parameters.put("piece_cid", pieceCid.toString());
        }
        if (pieceCid != null || party != null) {
            parameters.put("party", Rows.text(party));
        }
        if (pieceCid != null || party != null || !states.isEmpty()) {
            parameters.put("states", states.stream().map(DealState::code).toArray(Integer[]::new));
        }
        return parameters;
    }
}
