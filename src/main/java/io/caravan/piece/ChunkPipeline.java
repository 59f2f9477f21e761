package io.caravan.piece;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/**
 * Hashes full chunks on other threads and gives their subtrees back in order.
 *
 * <p>At most {@code lanes} chunks are in flight; each lane owns one payload buffer and one hasher, so memory is fixed.
 */
final class ChunkPipeline {
    private record Lane(byte[] payload, ChunkHasher hasher) {
    }

    private record Running(FutureTask<TreeStack.Node> task, Lane lane) {
    }

    private final Executor executor;
    private final List<Lane> free = new ArrayList<>();
    private final Deque<Running> inFlight = new ArrayDeque<>();
    private final TreeStack tree;

    ChunkPipeline(Executor executor, int lanes, TreeStack tree) {
        this.executor = executor;
        this.tree = tree;
        for (int i = 0; i < lanes; i++) {
            free.add(new Lane(new byte[ChunkHasher.PAYLOAD], new ChunkHasher()));
        }
    }

    /** Starts one full chunk; waits for the oldest when every lane is busy. */
    void submit(byte[] source, int from) throws IOException {
        if (free.isEmpty()) {
            takeOldest();
        }
        Lane lane = free.remove(free.size() - 1);
        System.arraycopy(source, from, lane.payload(), 0, ChunkHasher.PAYLOAD);
        var task = new FutureTask<>(() -> lane.hasher().hash(lane.payload(), 0, ChunkHasher.PAYLOAD, null));
        inFlight.add(new Running(task, lane));
        executor.execute(task);
    }

    void drain() throws IOException {
        while (!inFlight.isEmpty()) {
            takeOldest();
        }
    }

    private void takeOldest() throws IOException {
        Running oldest = inFlight.remove();
        // Runs here if no thread has begun it yet: a full or small executor delays nothing and cannot lock us up.
        oldest.task().run();
        try {
            tree.push(oldest.task().get());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("Interrupted while hashing a piece");
        } catch (ExecutionException e) {
            throw new IOException("Hashing a piece failed", e.getCause());
        }
        free.add(oldest.lane());
    }
}
