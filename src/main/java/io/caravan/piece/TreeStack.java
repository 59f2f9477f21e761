package io.caravan.piece;

import java.util.ArrayDeque;
import java.util.Deque;

/** The right edge of a growing binary tree: at most one node per level, so its memory is the tree's height. */
final class TreeStack {
    /** One finished subtree: {@code 32 << level} padded bytes. */
    record Node(int level, byte[] hash) {
    }

    private final NodeHasher hasher = new NodeHasher();
    private final Deque<Node> edge = new ArrayDeque<>();

    /** Appends a subtree; one larger than the last is aligned first by zeros behind the last. */
    void push(Node node) {
        while (!edge.isEmpty() && edge.peek().level() < node.level()) {
            Node last = edge.pop();
            add(new Node(last.level(), ZeroCommitments.root(last.level())), last);
        }
        if (!edge.isEmpty() && edge.peek().level() == node.level()) {
            add(node, edge.pop());
        } else {
            edge.push(node);
        }
    }

    private void add(Node right, Node left) {
        Node parent = new Node(left.level() + 1, hasher.hash(left.hash(), right.hash()));
        if (!edge.isEmpty() && edge.peek().level() == parent.level()) {
            add(parent, edge.pop());
        } else {
            edge.push(parent);
        }
    }

    boolean isEmpty() {
        return edge.isEmpty();
    }

    /** Closes the tree with zeros up to the next power of two; the stack is empty afterwards. */
    Node root() {
        Node node = edge.pop();
        while (!edge.isEmpty()) {
            node = grow(node, edge.peek().level());
            Node left = edge.pop();
            node = new Node(left.level() + 1, hasher.hash(left.hash(), node.hash()));
        }
        return node;
    }

    /** The same subtree followed by zeros up to {@code 32 << level} bytes. */
    Node grow(Node node, int level) {
        Node grown = node;
        while (grown.level() < level) {
            grown = new Node(grown.level() + 1, hasher.hash(grown.hash(), ZeroCommitments.root(grown.level())));
        }
        return grown;
    }
}
