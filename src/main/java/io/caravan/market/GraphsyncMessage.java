package io.caravan.market;

import io.caravan.codec.CborLimits;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One message of {@code /ipfs/graphsync/2.0.0}: {@code a1 "gs2" {"blk"?, "req"?, "rsp"?}}; what is empty is left out
 * (wire-protocols §9.1). The blocks of a message have no order.
 */
record GraphsyncMessage(List<GraphsyncRequest> requests, List<GraphsyncResponse> responses,
        List<GraphsyncBlock> blocks) {

    static final CborLimits LIMITS = new CborLimits(8192, 2 << 20, 1 << 17, 64);

    GraphsyncMessage {
        requests = List.copyOf(requests);
        responses = List.copyOf(responses);
        blocks = List.copyOf(blocks);
    }

    static GraphsyncMessage of(GraphsyncRequest request) {
        return new GraphsyncMessage(List.of(request), List.of(), List.of());
    }

    static GraphsyncMessage of(GraphsyncResponse response, List<GraphsyncBlock> blocks) {
        return new GraphsyncMessage(List.of(), List.of(response), blocks);
    }

    byte[] toCbor() {
        int fields = (blocks.isEmpty() ? 0 : 1) + (requests.isEmpty() ? 0 : 1) + (responses.isEmpty() ? 0 : 1);
        CborWriter out = new CborWriter().map(1).text("gs2").map(fields);
        if (!blocks.isEmpty()) {
            out.text("blk").array(blocks.size());
            blocks.forEach(block -> block.writeTo(out));
        }
        if (!requests.isEmpty()) {
            out.text("req").array(requests.size());
            requests.forEach(request -> request.writeTo(out));
        }
        if (!responses.isEmpty()) {
            out.text("rsp").array(responses.size());
            responses.forEach(response -> response.writeTo(out));
        }
        return out.toByteArray();
    }

    static GraphsyncMessage ofCbor(byte[] data) {
        CborReader in = new CborReader(data, LIMITS);
        if (in.map() != 1 || !in.text(8).equals("gs2")) {
            throw new CodecException("a graphsync message is a map of one key, gs2");
        }
        List<GraphsyncRequest> requests = new ArrayList<>();
        List<GraphsyncResponse> responses = new ArrayList<>();
        List<GraphsyncBlock> blocks = new ArrayList<>();
        int fields = in.map();
        for (int i = 0; i < fields; i++) {
            switch (in.textLossy(64)) {
                case "req" -> list(in, requests, GraphsyncRequest::readFrom);
                case "rsp" -> list(in, responses, GraphsyncResponse::readFrom);
                case "blk" -> list(in, blocks, GraphsyncBlock::readFrom);
                default -> in.skip();
            }
        }
        in.end();
        return new GraphsyncMessage(requests, responses, blocks);
    }

    private static <T> void list(CborReader in, List<T> into, Function<CborReader, T> read) {
        int size = in.array();
        for (int i = 0; i < size; i++) {
            into.add(read.apply(in));
        }
    }
}
