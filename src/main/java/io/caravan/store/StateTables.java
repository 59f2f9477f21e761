package io.caravan.store;

import io.caravan.model.DealState;
import io.caravan.model.SectorState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes the program's states into the tables that rows refer to, and stops the start when the schema knows others. */
final class StateTables {

    private final Sql sql;

    StateTables(Sql sql) {
        this.sql = sql;
    }

    void sync() {
        Map<Integer, String> known = new HashMap<>();
        sql.list("deal_state/list", Map.of(), (row, number) -> known.put(row.getInt("code"), row.getString("name")));
        known.forEach(StateTables::requireOurs);
        for (DealState state : DealState.values()) {
            if (!known.containsKey(state.code())) {
                sql.write("deal_state/insert", Map.of("code", state.code(), "name", state.wireName()));
            }
        }
        Set<String> sectors = Set.copyOf(sql.list("sector_state/list", Map.of(), (row, number) -> row.getString("name")));
        for (SectorState state : SectorState.values()) {
            if (!sectors.contains(state.wireName())) {
                sql.write("sector_state/insert", Map.of("name", state.wireName()));
            }
        }
    }

    private static void requireOurs(int code, String name) {
        List<DealState> ours = List.of(DealState.values());
        if (code >= ours.size() || !DealState.ofCode(code).wireName().equals(name)) {
            throw new IllegalStateException("this database knows the deal state %d %s, this program does not: it belongs to another version of Caravan"
                    .formatted(code, name));
        }
    }
}
