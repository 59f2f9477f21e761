package io.caravan.piece;

import io.caravan.codec.Cid;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * "Explore all, recursively" as a cursor: depth first, a node before its links, links left to right (wire-protocols §10).
 *
 * <p>{@link #next} names a link, then either {@link #loaded} (its links follow next) or {@link #skip} (they do not). A link
 * that occurs again is named again, as graphsync's metadata lists it again; who writes each block once skips it, which
 * visits the same blocks in the same first-visit order. Reading and checking blocks is the caller's, so the cursor serves a
 * sender, a receiver that awaits the next block, and a CAR writer alike.
 *
 * <p>Hostile graphs: the number of named links and of links waiting on the stack is bounded; depth is not a cost of its own.
 */
public final class DagTraversal {
    /** Bound of links that wait at one time. */
    public static final int MAX_WAITING = 1 << 18;
    /** A default for {@code maxLinks}: a 32 GiB payload in 32 KiB blocks. */
    public static final long DEFAULT_MAX_LINKS = 1 << 20;

    private record Level(Iterator<Cid> links, int size) {
    }

    private final Deque<Level> stack = new ArrayDeque<>();
    private final long maxLinks;
    private long named;
    private int waiting;
    private @Nullable Cid current;

    public DagTraversal(Cid root) {
        this(root, DEFAULT_MAX_LINKS);
    }

    /** Follows at most {@code maxLinks} links, repeated ones counted each time. */
    public DagTraversal(Cid root, long maxLinks) {
        this.maxLinks = maxLinks;
        push(List.of(root));
    }

    /**
     * The next link, or null when the whole graph was visited.
     *
     * @throws IllegalStateException when the last link was neither loaded nor skipped
     * @throws MalformedBlockException when the graph has more links than allowed
     */
    public @Nullable Cid next() {
        if (current != null) {
            throw new IllegalStateException("Link " + current + " was neither loaded nor skipped");
        }
        while (!stack.isEmpty() && !stack.peek().links().hasNext()) {
            waiting -= stack.pop().size();
        }
        if (stack.isEmpty()) {
            return null;
        }
        if (++named > maxLinks) {
            throw new MalformedBlockException("The graph has more than " + maxLinks + " links");
        }
        current = stack.peek().links().next();
        return current;
    }

    /**
     * Goes on below the link named last.
     *
     * @param block its bytes, already checked against the CID
     * @throws MalformedBlockException when its links cannot be read or are too many
     */
    public void loaded(byte[] block) {
        push(Links.of(take(), block));
    }

    /** Goes on behind the link named last: it is missing, or its part of the graph was visited before. */
    public void skip() {
        take();
    }

    /** Links named so far, the root included. */
    public long named() {
        return named;
    }

    private Cid take() {
        if (current == null) {
            throw new IllegalStateException("No link is open; call next first");
        }
        Cid cid = current;
        current = null;
        return cid;
    }

    private void push(List<Cid> links) {
        if (links.size() > MAX_WAITING - waiting) {
            throw new MalformedBlockException("More than " + MAX_WAITING + " links wait to be followed");
        }
        if (!links.isEmpty()) {
            waiting += links.size();
            stack.push(new Level(links.iterator(), links.size()));
        }
    }
}
