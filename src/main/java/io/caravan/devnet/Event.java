package io.caravan.devnet;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What an actor announced: pairs of key and CBOR value, the first of key {@code $type} (chain-and-rpc §4.6). */
record Event(long emitter, List<Entry> entries) {

    /** One pair; flags 3 and codec 0x51 (CBOR) on all of them. */
    record Entry(String key, Bytes value) {
    }

    static final int FLAGS = 3;
    static final int CODEC = 0x51;

    Event {
        entries = List.copyOf(entries);
    }

    static Builder of(long emitter, String type) {
        return new Builder(emitter).with("$type", out -> out.text(type));
    }

    void writeTo(CborWriter out) {
        out.array(2).uint(emitter).array(entries.size());
        entries.forEach(entry -> out.array(4).uint(FLAGS).text(entry.key()).uint(CODEC).bytes(entry.value()));
    }

    static Event readFrom(CborReader in) {
        in.tuple(2);
        long emitter = in.uint();
        List<Entry> entries = new ArrayList<>();
        for (int i = in.array(); i > 0; i--) {
            in.tuple(4);
            in.uint();
            String key = in.text(64);
            in.uint();
            entries.add(new Entry(key, Bytes.wrap(in.bytes(8192))));
        }
        return new Event(emitter, entries);
    }

    /** A list of events as one block. */
    static Bytes bytesOf(List<Event> events) {
        CborWriter out = new CborWriter().array(events.size());
        events.forEach(event -> event.writeTo(out));
        return out.toBytes();
    }

    static List<Event> listOf(Bytes bytes) {
        CborReader in = new CborReader(bytes.toArray());
        List<Event> events = new ArrayList<>();
        for (int i = in.array(); i > 0; i--) {
            events.add(readFrom(in));
        }
        in.end();
        return events;
    }

    /** Collects the entries of one event. */
    static final class Builder {
        private final long emitter;
        private final List<Entry> entries = new ArrayList<>();

        private Builder(long emitter) {
            this.emitter = emitter;
        }

        Builder with(String key, Consumer<CborWriter> value) {
            CborWriter out = new CborWriter();
            value.accept(out);
            entries.add(new Entry(key, out.toBytes()));
            return this;
        }

        Event build() {
            return new Event(emitter, entries);
        }
    }
}
