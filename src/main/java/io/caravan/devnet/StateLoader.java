package io.caravan.devnet;

import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Puts the chain together again from its rows: no message runs a second time. */
final class StateLoader {

    private final DevnetStore store;

    StateLoader(DevnetStore store) {
        this.store = store;
    }

    /** The chain with the states after its youngest blocks. */
    ChainView load(ChainView empty, int blocksKept, int statesKept) {
        List<Block> blocks = store.lastBlocks(blocksKept);
        NavigableMap<Long, State> states = states(blocks, statesKept);
        ChainView chain = empty;
        State before = null;
        for (Block block : blocks) {
            State after = states.get(block.height());
            State parent = block.height() == 0 ? after : before;
            chain = chain.with(new Block(block.header(), block.cid(), block.salt(), block.messages(), block.outcomes(),
                    parent, after));
            before = after;
        }
        return chain;
    }

    private NavigableMap<Long, State> states(List<Block> blocks, int statesKept) {
        NavigableMap<Long, State> states = new TreeMap<>();
        State state = State.EMPTY;
        Iterator<DevnetStore.Entry> entries = store.entries().iterator();
        DevnetStore.Entry next = entries.hasNext() ? entries.next() : null;
        List<Block> young = blocks.subList(Math.max(0, blocks.size() - statesKept), blocks.size());
        for (Block block : young) {
            while (next != null && next.height() <= block.height()) {
                state = apply(state, next.change());
                next = entries.hasNext() ? entries.next() : null;
            }
            states.put(block.height(), state);
        }
        return states;
    }

    private static State apply(State state, Draft.Change change) {
        return apply(state, Tables.ALL.get(change.table()), change);
    }

    private static <K extends Comparable<? super K>, V> State apply(State state, Table<K, V> table,
            Draft.Change change) {
        K key = table.key().ofBytes(change.key());
        @Nullable V value = change.value() == null ? null : table.value().ofBytes(change.value());
        SharedMap<K, V> map = state.table(table);
        return state.with(table, value == null ? map.without(key) : map.with(key, value));
    }
}
