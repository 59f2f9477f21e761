package io.caravan.store;

import io.caravan.model.DealState;
import io.caravan.model.SectorState;
import java.util.List;
import java.util.Map;

/** Writes the program's states into the tables that rows refer to, and stops the start when the schema knows others. */
final class StateTables {

    private final Sql sql;

    StateTables(Sql sql) {
        this.sql = sql;
    }

    void sync() {
        for (DealState state : DealState.values()) {
            sql.write("deal_state/insert", Map.of("code", state.code(), "name", state.wireName()));
        }
        for (SectorState state : SectorState.values()) {
            sql.write("sector_state/insert", Map.of("name", state.wireName()));
        }
        List<String> strange = sql.list("deal_state/list", Map.of(), (row, number) -> {
            int code = row.getInt("code");
            String name = row.getString("name");
            boolean known = code < DealState.values().length && DealState.ofCode(code).wireName().equals(name);
            return known ? "" : code + " " + name;
        });
        strange.stream().filter(line -> !line.isEmpty()).findFirst().ifPresent(line -> {
            throw new IllegalStateException("this database knows the deal state " + line
                    + ", this program does not: it belongs to another version of Caravan");
        });
    }
}
