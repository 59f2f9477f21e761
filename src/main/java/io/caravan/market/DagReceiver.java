package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.piece.Block;
import io.caravan.piece.BlockSource;
import io.caravan.piece.CarLimits;
import io.caravan.piece.DagTraversal;
import io.caravan.piece.PieceCommitment;
import io.caravan.piece.StagingCar;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Takes a DAG link by link in the order of its traversal and writes it as a CAR, whose commP is ready with the last
 * block. Each link must be the one the traversal expects, each block hash to it. Not thread-safe.
 */
final class DagReceiver implements Closeable {

    private static final long MAX_LINKS = 1 << 22;
    private static final int FRAMING = 1 << 10;

    private final StagingCar car;
    private final Cid root;
    private final long maxCarBytes;
    private final int maxBlockBytes;
    private DagTraversal walk;
    private @Nullable Cid expected;

    private DagReceiver(StagingCar car, Cid root, long maxCarBytes, int maxBlockBytes) {
        this.car = car;
        this.root = root;
        this.maxCarBytes = maxCarBytes;
        this.maxBlockBytes = maxBlockBytes;
        this.walk = new DagTraversal(root, MAX_LINKS);
    }

    /** Goes on with what the file holds: reads it once, cuts a torn block off its end. */
    static DagReceiver open(Path file, Cid root, long maxCarBytes, TransferSettings settings) throws IOException {
        CarLimits limits = new CarLimits(FRAMING, settings.blocks().largest() + FRAMING, settings.blocks().most(), false);
        return new DagReceiver(StagingCar.resume(file, root, limits), root, maxCarBytes, settings.blocks().largest());
    }

    /**
     * Starts the traversal anew, as each request for the DAG does, and returns how many link positions at its start are
     * here already, repeated links counted each time.
     */
    long restart() throws IOException {
        DagTraversal held = new DagTraversal(root, MAX_LINKS);
        Cid next = held.next();
        while (next != null && car.has(next)) {
            follow(held, next);
            next = held.next();
        }
        walk = new DagTraversal(root, MAX_LINKS);
        expected = walk.next();
        return next == null ? held.named() : held.named() - 1;
    }

    /** Goes below a link whose block is here. */
    private void follow(DagTraversal traversal, Cid cid) throws IOException {
        if (cid.codec() == Cid.RAW) {
            traversal.skip();
        } else {
            traversal.loaded(car.get(cid));
        }
    }

    /**
     * Takes what the sender says about the next link, and the block if there is one.
     *
     * @throws BrokenTransferException if it is not the link that comes next, the block is missing or too large, or the
     *         CAR outgrows its piece
     * @throws io.caravan.piece.MalformedBlockException if the block is not of its codec
     */
    void take(GraphsyncResponse.Link link, MessageBlocks blocks) throws IOException {
        Cid cid = link.cid();
        byte[] data = blocks.use(cid);
        if (!cid.equals(expected)) {
            throw new BrokenTransferException(expected == null
                    ? "the peer lists more links than the DAG has, at least " + cid
                    : "the peer lists the link " + cid + " where the DAG has " + expected);
        }
        switch (link.action()) {
            case MISSING -> throw new BrokenTransferException("the peer does not have the block " + cid);
            case SKIPPED -> throw new BrokenTransferException("the peer left out what is below the block " + cid);
            case PRESENT, DUPLICATE -> keep(cid, data);
        }
        expected = walk.next();
    }

    private void keep(Cid cid, byte @Nullable [] data) throws IOException {
        byte[] inline = BlockSource.inline(cid);
        if (inline != null) {
            car.put(new Block(cid, inline));
        } else if (!car.has(cid)) {
            if (data == null) {
                throw new BrokenTransferException("the peer said to have sent the block " + cid + " and has not");
            }
            if (data.length > maxBlockBytes) {
                throw new BrokenTransferException("the block " + cid + " has " + data.length + " bytes, at most "
                        + maxBlockBytes);
            }
            car.putVerified(new Block(cid, data)); // the message's blocks go by the CID that hashing gave
        }
        if (car.bytes() > maxCarBytes) {
            throw new BrokenTransferException("the data does not fit the deal's piece of " + maxCarBytes + " bytes");
        }
        if (data != null) {
            walk.loaded(data);
        } else {
            follow(walk, cid);
        }
    }

    /** Whether every link was taken since the restart. */
    boolean isDone() {
        return expected == null;
    }

    /** Links taken since the restart. */
    long position() {
        return expected == null ? walk.named() : walk.named() - 1;
    }

    /** Bytes of the CAR so far. */
    long carBytes() {
        return car.bytes();
    }

    /** Forces the CAR to disk and gives its commitment. */
    PieceCommitment finish() throws IOException {
        return car.finish();
    }

    @Override
    public void close() throws IOException {
        car.close();
    }
}
