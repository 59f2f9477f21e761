package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Sector;
import io.caravan.model.SectorState;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.SealingHistory;
import io.caravan.store.SectorStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sealing as lanes: {@code Caravan.Pipeline []}, each step with its sectors, however many are proven already, and
 * {@code Caravan.SealingThroughput [hours]}, how many sectors were finished in each stretch of that time.
 */
public final class PipelineApi {

    private static final List<SectorState> LANES = List.of(SectorState.PRE_COMMIT_PHASE_1, SectorState.PRE_COMMIT_PHASE_2,
            SectorState.WAIT_SEED, SectorState.COMMIT_PHASE_1, SectorState.COMMIT_PHASE_2, SectorState.FINALIZE);
    private static final int MOST_A_LANE = 50;
    private static final int MOST_HOURS = 24 * 31;
    private static final int STRETCHES = 48;

    private final ApiJson json;
    private final SectorListApi list;
    private final SectorStore sectors;
    private final SealingHistory history;
    private final Clock clock;

    public PipelineApi(ApiJson json, SectorListApi list, SectorStore sectors, SealingHistory history, Clock clock) {
        this.json = json;
        this.list = list;
        this.sectors = sectors;
        this.history = history;
        this.clock = clock;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Pipeline", RpcMethod.read(0, this::pipeline));
        methods.register("Caravan.SealingThroughput", RpcMethod.read(1, this::throughput));
    }

    private JsonNode pipeline(Params params, CallContext context) {
        Map<SectorState, Long> counts = sectors.count();
        ObjectNode out = list.engine(json.object()).put("proving", counts.getOrDefault(SectorState.PROVING, 0L));
        ArrayNode lanes = out.putArray("lanes");
        for (SectorState state : LANES) {
            List<Sector> found = counts.getOrDefault(state, 0L) == 0 ? List.of() : sectors.list(Set.of(state), null, MOST_A_LANE);
            ObjectNode lane = lanes.addObject().put("state", state.wireName()).put("label", state.label())
                    .put("many", counts.getOrDefault(state, 0L));
            lane.set("sectors", list.sectors(found));
        }
        return out;
    }

    private JsonNode throughput(Params params, CallContext context) {
        long hours = params.integer(0, "hours");
        if (hours < 1 || hours > MOST_HOURS) {
            throw new IllegalArgumentException("throughput is told for 1 to " + MOST_HOURS + " hours, not " + hours);
        }
        Duration stretch = Duration.ofHours(hours).dividedBy(STRETCHES);
        Instant since = clock.instant().minus(Duration.ofHours(hours));
        Map<Integer, Long> finished = history.finished(since, stretch);
        long[] counts = new long[STRETCHES];
        // what was finished this moment, or by a node whose clock is ahead, is of the last stretch
        finished.forEach((number, many) -> counts[Math.min(number, STRETCHES - 1)] += many);
        ObjectNode out = json.object().put("since", since.toString()).put("seconds", stretch.toSeconds());
        ArrayNode told = out.putArray("finished");
        for (long many : counts) {
            told.add(many);
        }
        return out;
    }
}
