package io.caravan.node;

import io.caravan.model.RetryableException;
import io.caravan.rpc.HttpPage;
import io.caravan.sealing.StagedPieces;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves staged pieces to a Lotus miner: {@code GET /pieces/<token>}, whole or one range of bytes. The token is the only
 * right that is asked for, and it is for one piece. A few are served at a time; more are asked to come again.
 */
final class PiecePage implements HttpPage {

    /** Below which path. */
    static final String PREFIX = "/pieces/";

    private static final Logger LOG = LoggerFactory.getLogger(PiecePage.class);
    private static final int MOST_AT_A_TIME = 8;
    private static final Pattern RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final String BYTES = "application/octet-stream";

    private final StagedPieces pieces;
    private final Semaphore places = new Semaphore(MOST_AT_A_TIME);

    PiecePage(StagedPieces pieces) {
        this.pieces = pieces;
    }

    /** From where to where, both inclusive. */
    private record Part(long first, long last) {}

    @Override
    public Reply handle(Request request) throws IOException {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return new Reply(405, "text/plain", Map.of("Allow", "GET, HEAD"), new byte[0]);
        }
        if (!places.tryAcquire()) {
            return new Reply(503, "text/plain", Map.of("Retry-After", "5"), "too many pieces are fetched, come again\n".getBytes());
        }
        Reply reply = Reply.text(503, "the piece cannot be read now");
        try {
            reply = pieces.find(request.path().substring(PREFIX.length())).map(piece -> reply(piece, request))
                    .orElseGet(() -> Reply.text(404, "nothing is served here, or not any more"));
        } catch (RetryableException e) {
            LOG.warn("a piece that was asked for cannot be served: {}", e.getMessage());
        } finally {
            if (reply.stream() == null) {
                places.release();
            }
        }
        return reply;
    }

    private Reply reply(StagedPieces.Staged piece, Request request) {
        long length = piece.length();
        Map<String, String> headers = new HashMap<>(Map.of("Accept-Ranges", "bytes", "Cache-Control", "no-store"));
        Matcher range = RANGE.matcher(request.headers().getOrDefault("range", ""));
        boolean isPart = range.matches() && range.group(1).length() + range.group(2).length() > 0;
        Optional<Part> part = isPart ? part(range.group(1), range.group(2), length) : Optional.of(new Part(0, length - 1));
        if (part.isEmpty()) {
            headers.put("Content-Range", "bytes */" + length);
            return new Reply(416, BYTES, headers, new byte[0]);
        }
        long first = part.get().first();
        long count = part.get().last() - first + 1;
        if (isPart) {
            headers.put("Content-Range", "bytes " + first + "-" + part.get().last() + "/" + length);
        }
        try {
            return Reply.of(isPart ? 206 : 200, BYTES, headers, new Stream(new Counted(piece.open(first, count)), count));
        } catch (IOException e) {
            throw new RetryableException("the staged data cannot be read: " + e.getMessage(), e);
        }
    }

    /** Empty when nothing of the piece lies there. */
    private static Optional<Part> part(String from, String to, long length) {
        if (from.isEmpty()) {
            long count = Math.min(Long.parseLong(to), length);
            return count == 0 ? Optional.empty() : Optional.of(new Part(length - count, length - 1));
        }
        long first = Long.parseLong(from);
        long last = to.isEmpty() ? length - 1 : Math.min(Long.parseLong(to), length - 1);
        return first > last ? Optional.empty() : Optional.of(new Part(first, last));
    }

    /** Gives its place back when it is closed. */
    private final class Counted extends FilterInputStream {

        private final AtomicBoolean isClosed = new AtomicBoolean();

        Counted(InputStream bytes) {
            super(bytes);
        }

        @Override
        public void close() throws IOException {
            if (isClosed.compareAndSet(false, true)) {
                places.release();
                super.close();
            }
        }
    }
}
