package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Extensions of graphsync messages: a name and inline CBOR each, names by length and then bytewise (wire-protocols
 * §9.1).
 */
final class Extensions {

    /** The data-transfer message that goes with a graphsync message. */
    static final String TRANSFER = "fil/data-transfer/1.1";
    static final String TRANSFER_INCOMING = "fil/data-transfer/incoming-request/1.1";
    static final String TRANSFER_OUTGOING = "fil/data-transfer/outgoing-block/1.1";
    /** How many link positions at the start of the traversal the requestor has already. */
    static final String SKIP_FIRST = "graphsync/do-not-send-first-blocks";

    private static final Comparator<String> BY_LENGTH =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());
    private static final int MAX = 64;
    private static final int MAX_NAME = 256;

    private Extensions() {
    }

    static void writeTo(CborWriter out, Map<String, Bytes> extensions) {
        if (extensions.isEmpty()) {
            return;
        }
        out.text("ext").map(extensions.size());
        extensions.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(BY_LENGTH))
                .forEach(entry -> out.text(entry.getKey()).raw(entry.getValue().toArray()));
    }

    static Map<String, Bytes> readFrom(CborReader in) {
        int size = in.map();
        if (size > MAX) {
            throw new CodecException("more than " + MAX + " extensions");
        }
        Map<String, Bytes> extensions = new HashMap<>();
        for (int i = 0; i < size; i++) {
            extensions.put(in.text(MAX_NAME), in.raw());
        }
        return extensions;
    }

    /** The data-transfer message among the extensions; the specific name goes before the general one. */
    static @Nullable TransferMessage transfer(Map<String, Bytes> extensions, String specific) {
        Bytes found = extensions.getOrDefault(specific, extensions.get(TRANSFER));
        return found == null ? null : TransferMessage.ofCbor(found.toArray());
    }

    /** The positions to skip, 0 if there is no such extension. */
    static long skipFirst(Map<String, Bytes> extensions) {
        Bytes found = extensions.get(SKIP_FIRST);
        return found == null ? 0 : new CborReader(found.toArray()).uint();
    }
}
