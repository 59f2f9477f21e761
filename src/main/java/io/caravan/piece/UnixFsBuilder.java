package io.caravan.piece;

import io.caravan.codec.Cid;
import io.caravan.codec.ProtobufWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a stream into raw leaves and builds the balanced tree of UnixFS file nodes above them, as Lotus imports a file.
 *
 * <p>Every leaf is equally deep; nodes are filled from the left; a single leaf is the root itself. One pass; memory is one
 * leaf and the open node of each level.
 */
public final class UnixFsBuilder {
    /** Takes the blocks, children before their parents. */
    public interface Sink {
        /** A raw leaf: the bytes of the file from {@code offset}. */
        void leaf(Block leaf, long offset) throws IOException;

        /** An inner node. */
        void node(Block node) throws IOException;
    }

    /** A finished subtree: its link size counts encoded blocks, its file size the payload below. */
    private record Child(Cid cid, long linkSize, long fileSize) {
    }

    private final UnixFsLayout layout;
    private final Sink sink;
    private final List<List<Child>> levels = new ArrayList<>();

    private UnixFsBuilder(UnixFsLayout layout, Sink sink) {
        this.layout = layout;
        this.sink = sink;
    }

    /** Reads the stream to its end and returns the root; an empty stream is one empty leaf. */
    public static Cid build(InputStream in, UnixFsLayout layout, Sink sink) throws IOException {
        var builder = new UnixFsBuilder(layout, sink);
        long offset = 0;
        byte[] chunk = in.readNBytes(layout.chunkBytes());
        do {
            Block leaf = layout.block(Cid.RAW, chunk);
            sink.leaf(leaf, offset);
            builder.add(0, new Child(leaf.cid(), chunk.length, chunk.length));
            offset += chunk.length;
            chunk = in.readNBytes(layout.chunkBytes());
        } while (chunk.length > 0);
        return builder.root();
    }

    /** As {@link #build}, every block into the store: for payloads that have no file to be served from. */
    public static Cid buildInto(BlockStore store, InputStream in, UnixFsLayout layout) throws IOException {
        return build(in, layout, new Sink() {
            @Override
            public void leaf(Block leaf, long offset) throws IOException {
                store.put(leaf);
            }

            @Override
            public void node(Block node) throws IOException {
                store.put(node);
            }
        });
    }

    private void add(int level, Child child) throws IOException {
        if (level == levels.size()) {
            levels.add(new ArrayList<>());
        }
        List<Child> open = levels.get(level);
        // A full node is closed only when more follows: a tree that is exactly full has no level above it.
        if (open.size() == layout.linksPerNode()) {
            close(level);
        }
        open.add(child);
    }

    private void close(int level) throws IOException {
        List<Child> open = levels.get(level);
        Child node = node(open);
        open.clear();
        add(level + 1, node);
    }

    private Cid root() throws IOException {
        int level = 0;
        while (level < levels.size() - 1 || levels.get(level).size() > 1) {
            close(level);
            level++;
        }
        return levels.get(level).get(0).cid();
    }

    private Child node(List<Child> children) throws IOException {
        long fileSize = children.stream().mapToLong(Child::fileSize).sum();
        var file = new ProtobufWriter().varint(1, UnixFsFile.FILE).varint(3, fileSize);
        children.forEach(c -> file.varint(4, c.fileSize()));
        var links = children.stream().map(c -> new DagPb.Link(c.cid(), "", c.linkSize())).toList();
        Block block = layout.block(Cid.DAG_PB, new DagPb(links, file.toByteArray()).encode());
        sink.node(block);
        long below = children.stream().mapToLong(Child::linkSize).sum();
        return new Child(block.cid(), block.data().length + below, fileSize);
    }
}
