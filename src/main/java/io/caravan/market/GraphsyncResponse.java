package io.caravan.market;

import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A part of the answer to a request: {@code {"ext"?, "meta"?, "stat", "reqid"}}; the metadata lists every link of the
 * traversal in its order, over all parts (wire-protocols §9.1).
 */
record GraphsyncResponse(RequestId id, int status, List<Link> metadata, Map<String, Bytes> extensions) {

    static final int PARTIAL = 14;
    static final int PAUSED = 15;
    static final int COMPLETED = 20;
    static final int REJECTED = 30;
    static final int BUSY = 31;
    static final int UNKNOWN = 32;
    static final int NOT_FOUND = 34;
    static final int CANCELLED = 35;

    private static final int FIRST_TERMINAL = 20;

    /** What the responder did at a link. */
    enum Action {
        /** The block is in this message, was sent before, or is one the requestor said to have. */
        PRESENT("p"),
        DUPLICATE("d"),
        MISSING("m"),
        SKIPPED("s");

        private final String text;

        Action(String text) {
            this.text = text;
        }

        static Action of(String text) {
            for (Action action : values()) {
                if (action.text.equals(text)) {
                    return action;
                }
            }
            throw new CodecException("no graphsync link action is '" + text + "'");
        }
    }

    /** One link of the traversal. */
    record Link(Cid cid, Action action) {

        static Link present(Cid cid) {
            return new Link(cid, Action.PRESENT);
        }

        void writeTo(CborWriter out) {
            out.array(2).cid(cid).text(action.text);
        }

        static Link readFrom(CborReader in) {
            in.tuple(2);
            return new Link(in.cid(), Action.of(in.text(8)));
        }
    }

    GraphsyncResponse {
        metadata = List.copyOf(metadata);
        extensions = Map.copyOf(extensions);
    }

    static GraphsyncResponse of(RequestId id, int status) {
        return new GraphsyncResponse(id, status, List.of(), Map.of());
    }

    /** Whether nothing follows for this request. */
    boolean isTerminal() {
        return status >= FIRST_TERMINAL;
    }

    void writeTo(CborWriter out) {
        out.map(2 + (extensions.isEmpty() ? 0 : 1) + (metadata.isEmpty() ? 0 : 1));
        Extensions.writeTo(out, extensions);
        if (!metadata.isEmpty()) {
            out.text("meta").array(metadata.size());
            metadata.forEach(link -> link.writeTo(out));
        }
        out.text("stat").integer(status).text("reqid").bytes(id.bytes());
    }

    static GraphsyncResponse readFrom(CborReader in) {
        CborFields fields = CborFields.read(in, GraphsyncMessage.LIMITS);
        long status = fields.required("stat", CborReader::integer);
        if (status < 0 || status > 99) {
            throw new CodecException("no graphsync status is " + status);
        }
        return new GraphsyncResponse(fields.required("reqid", GraphsyncRequest::id), (int) status,
                fields.orElse("meta", List.of(), GraphsyncResponse::links),
                fields.orElse("ext", Map.of(), Extensions::readFrom));
    }

    private static List<Link> links(CborReader in) {
        int size = in.array();
        List<Link> links = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            links.add(Link.readFrom(in));
        }
        return links;
    }
}
