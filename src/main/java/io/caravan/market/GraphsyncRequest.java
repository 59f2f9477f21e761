package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request for a DAG, or its cancellation or update: {@code {"id", "ext"?, "pri"?, "sel"?, "root"?, "type"}}
 * (wire-protocols §9.1).
 *
 * @param root null unless NEW
 * @param selector raw CBOR, null unless NEW
 * @param extensions raw CBOR by name
 */
record GraphsyncRequest(RequestId id, Type type, @Nullable Cid root, @Nullable Bytes selector,
                        Map<String, Bytes> extensions, long priority) {

    enum Type {
        NEW("n"), CANCEL("c"), UPDATE("u");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        static Type of(String text) {
            for (Type type : values()) {
                if (type.text.equals(text)) {
                    return type;
                }
            }
            throw new CodecException("no graphsync request has the type '" + text + "'");
        }
    }

    GraphsyncRequest {
        extensions = Map.copyOf(extensions);
        if (type == Type.NEW && (root == null || selector == null)) {
            throw new CodecException("a graphsync request without a root or a selector");
        }
    }

    /**
     * The provider's request for a pushed DAG, which carries its acceptance (wire-protocols §8.3).
     *
     * @param skipFirst link positions received already; 0 leaves the extension out
     */
    static GraphsyncRequest push(RequestId id, Cid root, TransferResponse acceptance, long skipFirst) {
        Bytes message = Bytes.wrap(acceptance.toCbor());
        Map<String, Bytes> extensions = skipFirst == 0 ? Map.of(Extensions.TRANSFER, message)
                : Map.of(Extensions.TRANSFER, message,
                        Extensions.SKIP_FIRST, new CborWriter().uint(skipFirst).toBytes());
        return new GraphsyncRequest(id, Type.NEW, root, Selectors.EXPLORE_ALL, extensions, 0);
    }

    static GraphsyncRequest cancel(RequestId id) {
        return new GraphsyncRequest(id, Type.CANCEL, null, null, Map.of(), 0);
    }

    void writeTo(CborWriter out) {
        int fields = 2 + (extensions.isEmpty() ? 0 : 1) + (priority == 0 ? 0 : 1) + (selector == null ? 0 : 1)
                + (root == null ? 0 : 1);
        out.map(fields).text("id").bytes(id.bytes());
        Extensions.writeTo(out, extensions);
        if (priority != 0) {
            out.text("pri").integer(priority);
        }
        if (selector != null) {
            out.text("sel").raw(selector.toArray());
        }
        if (root != null) {
            out.text("root").cid(root);
        }
        out.text("type").text(type.text);
    }

    static GraphsyncRequest readFrom(CborReader in) {
        CborFields fields = CborFields.read(in, GraphsyncMessage.LIMITS);
        return new GraphsyncRequest(fields.required("id", GraphsyncRequest::id),
                fields.required("type", text -> Type.of(text.text(8))), fields.cid("root"), fields.find("sel"),
                fields.orElse("ext", Map.of(), Extensions::readFrom), fields.orElse("pri", 0L, CborReader::integer));
    }

    static RequestId id(CborReader in) {
        return new RequestId(Bytes.wrap(in.bytesExactly(RequestId.SIZE)));
    }
}
