package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Computes commP of whatever is written to it, in one pass and with memory that does not grow with the payload.
 *
 * <p>Any split of the writes gives the same result. Not for use by several threads at once. {@link #close} does
 * nothing; {@link #finish} ends the payload. Refuses more payload than a 64 GiB piece holds with an {@link
 * IOException}.
 */
public final class CommPStream extends OutputStream {
    private final TreeStack tree = new TreeStack();
    private final ChunkHasher hasher = new ChunkHasher();
    private final byte[] pending = new byte[ChunkHasher.PAYLOAD];
    private final @Nullable ChunkPipeline pipeline;
    private final @Nullable PaddedSink sink;
    private int pendingBytes;
    private long payloadBytes;
    private boolean finished;

    /** Hashes on the calling thread. */
    public CommPStream() {
        this(null, null);
    }

    /**
     * Hashes full chunks on the executor's threads, at most {@code lanes} (1 or more) at a time; the writer waits, and
     * helps, when they fall behind. Memory: 256 KiB a lane, 320 KiB where chunks are hashed on vectors.
     */
    public static CommPStream on(Executor executor, int lanes) {
        if (lanes < 1) {
            throw new IllegalArgumentException("lanes must be 1 or more, not " + lanes);
        }
        return new CommPStream(null, new Lanes(executor, lanes));
    }

    /** The piece of everything the stream still holds: a CAR file as it is, for instance. Does not close it. */
    public static PieceCommitment of(InputStream payload) throws IOException {
        var commP = new CommPStream();
        payload.transferTo(commP);
        return commP.finish();
    }

    /** Hands the expanded bytes to {@code sink} on the way, so that a sector file is written in the same pass. */
    static CommPStream tee(PaddedSink sink) {
        return new CommPStream(sink, null);
    }

    private record Lanes(Executor executor, int count) {
    }

    private CommPStream(@Nullable PaddedSink sink, @Nullable Lanes lanes) {
        this.sink = sink;
        this.pipeline = lanes == null ? null : new ChunkPipeline(lanes.executor(), lanes.count(), tree);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] data, int off, int len) throws IOException {
        Objects.checkFromIndexSize(off, len, data.length);
        if (finished) {
            throw new IOException("The piece is finished; nothing can be added");
        }
        if (len > PieceSizes.MAX_PAYLOAD - payloadBytes) {
            throw new IOException("Payload is larger than the " + PieceSizes.MAX_PAYLOAD + " bytes of a 64 GiB piece");
        }
        payloadBytes += len;
        int at = off;
        int left = len;
        while (left > 0) {
            if (pendingBytes == 0 && left >= ChunkHasher.PAYLOAD) {
                chunk(data, at);
                at += ChunkHasher.PAYLOAD;
                left -= ChunkHasher.PAYLOAD;
                continue;
            }
            int n = Math.min(left, ChunkHasher.PAYLOAD - pendingBytes);
            System.arraycopy(data, at, pending, pendingBytes, n);
            pendingBytes += n;
            at += n;
            left -= n;
            if (pendingBytes == ChunkHasher.PAYLOAD) {
                chunk(pending, 0);
                pendingBytes = 0;
            }
        }
    }

    private void chunk(byte[] data, int from) throws IOException {
        if (pipeline == null) {
            tree.push(hasher.hash(data, from, ChunkHasher.PAYLOAD, sink));
        } else {
            pipeline.submit(data, from);
        }
    }

    /** Payload bytes written so far. */
    public long payloadBytes() {
        return payloadBytes;
    }

    /** Ends the payload: commP in the smallest piece that holds it. An empty payload is 128 padded bytes of zeros. */
    public PieceCommitment finish() throws IOException {
        if (finished) {
            throw new IOException("The piece is finished already");
        }
        finished = true;
        if (pipeline != null) {
            pipeline.drain();
        }
        if (pendingBytes > 0 || payloadBytes == 0) {
            tree.push(hasher.hash(pending, 0, pendingBytes, sink));
        }
        TreeStack.Node root = tree.root();
        var size = new PaddedPieceSize((long) NodeHasher.NODE << root.level());
        return new PieceCommitment(new Piece(Cid.commP(root.hash()), size), payloadBytes);
    }
}
