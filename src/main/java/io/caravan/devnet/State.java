package io.caravan.devnet;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The whole chain state after one tipset, immutable. Copies share what did not change. */
final class State {

    static final State EMPTY = new State(new SharedMap<?, ?>[0], new Cid[Tables.ALL.size()]);

    private final SharedMap<?, ?>[] tables;
    // CIDs of the tables' blocks as far as somebody asked; computing one twice does no harm.
    private final @Nullable Cid[] cids;

    private State(SharedMap<?, ?>[] tables, @Nullable Cid[] cids) {
        this.tables = tables;
        this.cids = cids;
    }

    @SuppressWarnings("unchecked") // a table's map is only ever put where the same table takes it from
    <K extends Comparable<? super K>, V> SharedMap<K, V> table(Table<K, V> table) {
        return table.code() < tables.length && tables[table.code()] != null
                ? (SharedMap<K, V>) tables[table.code()] : SharedMap.empty();
    }

    <K extends Comparable<? super K>, V> State with(Table<K, V> table, SharedMap<K, V> map) {
        SharedMap<?, ?>[] next = Arrays.copyOf(tables, Tables.ALL.size());
        next[table.code()] = map;
        @Nullable Cid[] known = cids.clone();
        known[table.code()] = null;
        return new State(next, known);
    }

    <K extends Comparable<? super K>, V> Optional<V> find(Table<K, V> table, K key) {
        return table(table).find(key);
    }

    Totals totals() {
        return find(Tables.TOTALS, 0L).orElseThrow();
    }

    /** The actor's id, whatever form its address has; empty when there is no such actor. */
    OptionalLong idOf(FilAddress address) {
        if (address.isId()) {
            long id = address.actorId();
            return table(Tables.ACTORS).contains(id) ? OptionalLong.of(id) : OptionalLong.empty();
        }
        Long id = table(Tables.ADDRESSES).get(address.bytes());
        return id == null ? OptionalLong.empty() : OptionalLong.of(id);
    }

    Optional<Actor> actor(FilAddress address) {
        OptionalLong id = idOf(address);
        return id.isPresent() ? find(Tables.ACTORS, id.getAsLong()) : Optional.empty();
    }

    Escrow escrow(long actor) {
        return find(Tables.ESCROW, actor).orElse(Escrow.ZERO);
    }

    /**
     * The block that stands for this state: an array of one CID per table. A plain array, not a HAMT: no Filecoin node
     * can walk it.
     */
    Bytes root() {
        CborWriter out = new CborWriter().array(Tables.ALL.size());
        Tables.ALL.forEach(table -> out.cid(cid(table)));
        return out.toBytes();
    }

    private Cid cid(Table<?, ?> table) {
        Cid known = cids[table.code()];
        if (known == null) {
            known = Cid.dagCborBlake2b(block(table).toArray());
            cids[table.code()] = known;
        }
        return known;
    }

    /** One table as an array of key and value pairs. */
    <K extends Comparable<? super K>, V> Bytes block(Table<K, V> table) {
        SharedMap<K, V> map = table(table);
        CborWriter out = new CborWriter().array(map.size());
        map.forEach((key, value) -> {
            out.array(2);
            table.key().writer().accept(key, out);
            table.value().writer().accept(value, out);
        });
        return out.toBytes();
    }
}
