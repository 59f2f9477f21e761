package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What every chain tuple repeats: lists of values, and one value with nothing after it. */
final class Tuple {

    private Tuple() {
    }

    static byte[] bytesOf(Consumer<CborWriter> value) {
        CborWriter out = new CborWriter();
        value.accept(out);
        return out.toByteArray();
    }

    /** Reads one value that must fill the bytes to their end. */
    static <T> T read(byte[] cbor, Function<CborReader, T> reader) {
        CborReader in = new CborReader(cbor);
        T value = reader.apply(in);
        in.end();
        return value;
    }

    static <T> List<T> list(CborReader in, Function<CborReader, T> element) {
        int count = in.array();
        List<T> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(element.apply(in));
        }
        return values;
    }

    static <T> void list(CborWriter out, List<T> values, Consumer<T> element) {
        out.array(values.size());
        values.forEach(element);
    }
}
