package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.BitField;
import io.caravan.devnet.SectorDuties.Entry;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** {@code Filecoin.State*} about when a miner's sectors have to be proven, and what became of it. */
final class ProvingCalls {

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;

    ProvingCalls(LiveChain chain, Shapes shapes) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
    }

    void register(MethodTable table) {
        ChainCalls.read(table, "StateMinerProvingDeadline", 2, this::deadline);
        ChainCalls.read(table, "StateMinerDeadlines", 2, this::deadlines);
        ChainCalls.read(table, "StateMinerPartitions", 3, this::partitions);
        ChainCalls.read(table, "StateMinerRecoveries", 2,
                params -> bitfield(duties(params, 1).list(SectorDuty::isRecovering), one -> true));
        ChainCalls.read(table, "StateSectorPartition", 3, this::place);
    }

    private JsonNode deadline(Params params) {
        reader.miner(reader.state(params, 1), reader.address(params, 0));
        long now = reader.tipset(params, 1).height();
        ProvingRules rules = chain.rules().proving();
        ProvingRules.Deadline open = rules.at(now);
        return shapes.object().put("CurrentEpoch", now).put("PeriodStart", open.periodStart()).put("Index", open.index())
                .put("Open", open.open()).put("Close", open.close()).put("Challenge", open.challenge())
                .put("FaultCutoff", open.cutoff()).put("WPoStPeriodDeadlines", rules.deadlines())
                .put("WPoStProvingPeriod", rules.period()).put("WPoStChallengeWindow", rules.window())
                .put("WPoStChallengeLookback", rules.lookback()).put("FaultDeclarationCutoff", rules.cutoff());
    }

    /** For each deadline the partitions that were proven while it was open last. */
    private JsonNode deadlines(Params params) {
        ProvingRules rules = chain.rules().proving();
        long now = reader.tipset(params, 1).height();
        List<Entry> all = duties(params, 1).list(duty -> true);
        ArrayNode list = shapes.array();
        for (int i = 0; i < rules.deadlines(); i++) {
            long index = i;
            long open = rules.next(index, now).open();
            List<Long> proven = all.stream().map(Entry::duty)
                    .filter(duty -> duty.deadline() == index && duty.proven() == open).map(SectorDuty::partition).toList();
            ObjectNode json = shapes.object();
            json.set("PostSubmissions", shapes.of(BitField.of(proven).runs()));
            list.add(json.put("DisputableProofCount", 0));
        }
        return list;
    }

    private JsonNode partitions(Params params) {
        long index = params.integer(1, "deadline");
        Map<Long, List<Entry>> byPartition = duties(params, 2).list(duty -> duty.deadline() == index).stream()
                .collect(Collectors.groupingBy(entry -> entry.duty().partition(), TreeMap::new, Collectors.toList()));
        ArrayNode list = shapes.array();
        long last = byPartition.keySet().stream().mapToLong(Long::longValue).max().orElse(-1);
        for (long i = 0; i <= last; i++) {
            List<Entry> there = byPartition.getOrDefault(i, List.of());
            ObjectNode json = shapes.object();
            json.set("AllSectors", bitfield(there, one -> true));
            json.set("FaultySectors", bitfield(there, one -> one.sector().isFaulty()));
            json.set("RecoveringSectors", bitfield(there, one -> one.duty().isRecovering()));
            json.set("LiveSectors", bitfield(there, one -> true));
            json.set("ActiveSectors", bitfield(there, one -> !one.sector().isFaulty()));
            list.add(json);
        }
        return list;
    }

    private JsonNode place(Params params) {
        State state = reader.state(params, 2);
        SectorKey key = new SectorKey(reader.miner(state, reader.address(params, 0)), params.integer(1, "sector"));
        if (!state.table(Tables.SECTORS).contains(key)) {
            throw new RpcException("sector " + key.number() + " not found");
        }
        SectorDuty duty = state.find(Tables.DUTIES, key).orElseGet(() -> SectorDuty.of(0, 0));
        return shapes.object().put("Deadline", duty.deadline()).put("Partition", duty.partition());
    }

    private SectorDuties duties(Params params, int tipset) {
        State state = reader.state(params, tipset);
        return new SectorDuties(new Draft(state), chain.rules(), reader.miner(state, reader.address(params, 0)));
    }

    private JsonNode bitfield(List<Entry> entries, Predicate<Entry> filter) {
        return shapes.of(BitField.of(entries.stream().filter(filter).map(one -> one.key().number()).toList()).runs());
    }
}
