package io.caravan.piece;

import io.caravan.codec.Cid;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * The deterministic CARv1 of a graph: one root, blocks depth first in first-visit order, each CID once, identity CIDs
 * included (wire-protocols §11). The same root gives the same bytes on every machine: this is the payload a deal commits to.
 */
public final class DagCar {
    private DagCar() {
    }

    /**
     * Writes the CAR of {@code root}.
     *
     * @throws BlockNotFoundException when a block of the graph is missing
     * @throws MalformedBlockException when the graph cannot be followed or is past the bounds of {@link DagTraversal}
     */
    public static CarSummary write(Cid root, BlockSource source, OutputStream out) throws IOException {
        var car = new CarWriter(out, List.of(root));
        var traversal = new DagTraversal(root);
        Set<Cid> visited = new HashSet<>();
        for (Cid cid = traversal.next(); cid != null; cid = traversal.next()) {
            if (!visited.add(cid)) {
                traversal.skip();
                continue;
            }
            byte[] data = source.get(cid);
            car.write(new Block(cid, data));
            traversal.loaded(data);
        }
        return new CarSummary(car.bytes(), visited.size());
    }

    /** The piece of the CAR of {@code root}, without storing the CAR anywhere. Exceptions as {@link #write}. */
    public static PieceCommitment commP(Cid root, BlockSource source) throws IOException {
        return commP(root, source, new CommPStream());
    }

    /** As {@link #commP(Cid, BlockSource)}, hashing on {@code lanes} threads of the executor. */
    public static PieceCommitment commP(Cid root, BlockSource source, Executor executor, int lanes)
            throws IOException {
        return commP(root, source, CommPStream.on(executor, lanes));
    }

    private static PieceCommitment commP(Cid root, BlockSource source, CommPStream commP) throws IOException {
        write(root, source, commP);
        return commP.finish();
    }

    /** How long the CAR of {@code root} is; reads the graph but keeps nothing. Exceptions as {@link #write}. */
    public static CarSummary measure(Cid root, BlockSource source) throws IOException {
        return write(root, source, OutputStream.nullOutputStream());
    }
}
