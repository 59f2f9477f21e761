package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.codec.Varint;
import io.caravan.piece.BlockSource;
import io.caravan.piece.DagTraversal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks a DAG and makes the messages that answer a graphsync request: every link listed in order, every block once,
 * none of those the requestor has, so many bytes in a message as the settings say. Holds one message at a time. Not
 * thread-safe.
 */
final class DagSender {

    private static final long MAX_LINKS = 1 << 22;
    private static final int MAX_LISTED = 4096;

    private final BlockSource source;
    private final RequestId request;
    private final DagTraversal walk;
    private final long skipFirst;
    private final TransferSettings settings;
    private final Set<Cid> sent = new HashSet<>();
    private long position;
    private long carBytes;
    private boolean done;
    private @Nullable Cid pending;
    private byte @Nullable [] pendingBlock;

    DagSender(BlockSource source, GraphsyncRequest request, TransferSettings settings) {
        this.source = source;
        this.request = request.id();
        this.walk = new DagTraversal(Objects.requireNonNull(request.root()), MAX_LINKS);
        this.skipFirst = Extensions.skipFirst(request.extensions());
        this.settings = settings;
    }

    /**
     * The next message, the last with status 20. Reads the blocks that it holds.
     *
     * @throws BrokenTransferException if a block is not in the source, or too large
     * @throws IllegalStateException after the last
     */
    GraphsyncMessage next() throws IOException {
        if (done) {
            throw new IllegalStateException("the whole DAG was sent");
        }
        List<GraphsyncResponse.Link> links = new ArrayList<>();
        List<GraphsyncBlock> blocks = new ArrayList<>();
        int bytes = 0;
        while (advance()) {
            Cid cid = Objects.requireNonNull(pending);
            byte[] block = pendingBlock;
            boolean isFull = block != null && bytes + block.length > settings.blocks().batch();
            if (!links.isEmpty() && (isFull || links.size() >= MAX_LISTED)) {
                return message(GraphsyncResponse.PARTIAL, links, blocks);
            }
            if (block != null) {
                blocks.add(GraphsyncBlock.of(cid, block));
                bytes += block.length;
                carBytes += sectionBytes(cid, block.length);
            }
            links.add(GraphsyncResponse.Link.present(cid));
            pending = null;
            pendingBlock = null;
        }
        done = true;
        return message(GraphsyncResponse.COMPLETED, links, blocks);
    }

    /** Steps to the next link unless one is waiting for its message; false at the end. */
    private boolean advance() throws IOException {
        if (pending != null) {
            return true;
        }
        Cid cid = walk.next();
        if (cid == null) {
            return false;
        }
        position++;
        pending = cid;
        boolean isFirst = sent.add(cid);
        boolean isSent = isFirst && position > skipFirst;
        if (sent.size() > settings.blocks().most()) {
            throw new BrokenTransferException("the DAG has more than " + settings.blocks().most() + " blocks");
        }
        if (!isSent && cid.codec() == Cid.RAW) {
            walk.skip();
            return true;
        }
        byte[] block = load(cid);
        pendingBlock = isSent ? block : null;
        walk.loaded(block);
        return true;
    }

    private byte[] load(Cid cid) throws IOException {
        byte[] block = source.find(cid);
        if (block == null) {
            throw new BrokenTransferException("the block " + cid + " is not in the store");
        }
        if (block.length > settings.blocks().largest()) {
            throw new BrokenTransferException("the block " + cid + " has " + block.length + " bytes, at most "
                    + settings.blocks().largest() + " are sent");
        }
        return block;
    }

    private static long sectionBytes(Cid cid, int blockBytes) {
        long body = cid.toBytes().length + (long) blockBytes;
        return Varint.size(body) + body;
    }

    private GraphsyncMessage message(int status, List<GraphsyncResponse.Link> links, List<GraphsyncBlock> blocks) {
        return GraphsyncMessage.of(new GraphsyncResponse(request, status, links, Map.of()), blocks);
    }

    boolean isDone() {
        return done;
    }

    /** Links listed so far, the skipped ones too. */
    long position() {
        return pending == null ? position : position - 1;
    }

    /** Links at the start whose blocks the requestor has. */
    long skipFirst() {
        return skipFirst;
    }

    /** What the blocks sent so far take in a CAR. */
    long carBytes() {
        return carBytes;
    }
}
