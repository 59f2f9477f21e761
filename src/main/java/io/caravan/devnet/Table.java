package io.caravan.devnet;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * One table of the chain state: what its keys and values are and how both are written.
 *
 * @param code its number in the database; never reused
 */
record Table<K extends Comparable<? super K>, V>(int code, String name, Form<K> key, Form<V> value) {

    /** How one type is written and read. */
    record Form<T>(BiConsumer<T, CborWriter> writer, Function<CborReader, T> reader) {

        Bytes bytesOf(T value) {
            CborWriter out = new CborWriter();
            writer.accept(value, out);
            return out.toBytes();
        }

        T ofBytes(Bytes bytes) {
            CborReader in = new CborReader(bytes.toArray());
            T value = reader.apply(in);
            in.end();
            return value;
        }
    }
}
