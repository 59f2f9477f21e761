package io.caravan.devnet;

import io.caravan.codec.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A state while it is being changed. Not for several threads; going back to a mark costs nothing. */
final class Draft {

    /** One row that may have changed; the value is null when the row is gone. */
    record Change(int table, Bytes key, @Nullable Bytes value) {
    }

    private final Map<Integer, TreeSet<Object>> touched = new TreeMap<>();
    private State state;

    Draft(State state) {
        this.state = state;
    }

    State state() {
        return state;
    }

    /** Back to a state that {@link #state()} gave earlier. */
    void restore(State mark) {
        state = mark;
    }

    <K extends Comparable<? super K>, V> Optional<V> find(Table<K, V> table, K key) {
        return state.find(table, key);
    }

    <K extends Comparable<? super K>, V> V require(Table<K, V> table, K key) {
        return state.find(table, key)
                .orElseThrow(() -> new IllegalStateException("no " + key + " in " + table.name()));
    }

    <K extends Comparable<? super K>, V> void put(Table<K, V> table, K key, V value) {
        touched.computeIfAbsent(table.code(), code -> new TreeSet<>()).add(key);
        state = state.with(table, state.table(table).with(key, value));
    }

    <K extends Comparable<? super K>, V> void remove(Table<K, V> table, K key) {
        touched.computeIfAbsent(table.code(), code -> new TreeSet<>()).add(key);
        state = state.with(table, state.table(table).without(key));
    }

    Totals totals() {
        return state.totals();
    }

    void totals(UnaryOperator<Totals> change) {
        put(Tables.TOTALS, 0L, change.apply(state.totals()));
    }

    /** Every row touched so far with its value now, for the database. */
    List<Change> changes() {
        List<Change> changes = new ArrayList<>();
        touched.forEach((code, keys) -> keys.forEach(key -> changes.add(change(Tables.ALL.get(code), key))));
        return changes;
    }

    @SuppressWarnings("unchecked") // keys were put under their own table's code
    private <K extends Comparable<? super K>, V> Change change(Table<K, V> table, Object key) {
        V value = state.table(table).get((K) key);
        return new Change(table.code(), table.key().bytesOf((K) key), value == null ? null : table.value()
                .bytesOf(value));
    }
}
