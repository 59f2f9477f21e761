package io.caravan.store;

import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Small values that a node must remember across restarts, such as its last transfer id; not its configuration. */
public final class SettingStore {

    private final Sql sql;
    private final Clock clock;

    public SettingStore(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    public Optional<String> find(String name) {
        return sql.one("setting/find", Map.of("name", name), (row, number) -> row.getString("value"));
    }

    /** Remembers the value, in the place of the one before. */
    public void put(String name, String value) {
        sql.write("setting/put", Map.of("name", name, "value", value, "now", clock.instant()));
    }
}
