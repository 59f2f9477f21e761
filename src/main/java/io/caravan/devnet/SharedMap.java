package io.caravan.devnet;

import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable sorted map (an AVL tree) whose changed copies share all they did not change. This is what makes a
 * snapshot of the whole chain state per tipset cost nothing but the change.
 */
final class SharedMap<K extends Comparable<? super K>, V> {

    private record Node<K, V>(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right, int height,
            int size) {
    }

    private final @Nullable Node<K, V> root;

    private SharedMap(@Nullable Node<K, V> root) {
        this.root = root;
    }

    static <K extends Comparable<? super K>, V> SharedMap<K, V> empty() {
        return new SharedMap<>(null);
    }

    int size() {
        return size(root);
    }

    boolean isEmpty() {
        return root == null;
    }

    @Nullable V get(K key) {
        Node<K, V> at = root;
        while (at != null) {
            int order = key.compareTo(at.key);
            if (order == 0) {
                return at.value;
            }
            at = order < 0 ? at.left : at.right;
        }
        return null;
    }

    Optional<V> find(K key) {
        return Optional.ofNullable(get(key));
    }

    boolean contains(K key) {
        return get(key) != null;
    }

    /** The value of the greatest key that is not above this one. */
    @Nullable V floor(K key) {
        Node<K, V> at = root;
        V best = null;
        while (at != null) {
            int order = key.compareTo(at.key);
            if (order == 0) {
                return at.value;
            }
            if (order > 0) {
                best = at.value;
            }
            at = order < 0 ? at.left : at.right;
        }
        return best;
    }

    /** The value of the smallest key that is not below this one. */
    @Nullable V ceiling(K key) {
        Node<K, V> at = root;
        V best = null;
        while (at != null) {
            int order = key.compareTo(at.key);
            if (order == 0) {
                return at.value;
            }
            if (order < 0) {
                best = at.value;
            }
            at = order < 0 ? at.left : at.right;
        }
        return best;
    }

    @Nullable K firstKey() {
        Node<K, V> at = root;
        while (at != null && at.left != null) {
            at = at.left;
        }
        return at == null ? null : at.key;
    }

    @Nullable V last() {
        Node<K, V> at = root;
        while (at != null && at.right != null) {
            at = at.right;
        }
        return at == null ? null : at.value;
    }

    /** The value of the key with so many keys below it. */
    V nth(int place) {
        Node<K, V> at = root;
        int left = place;
        while (at != null) {
            int below = size(at.left);
            if (left == below) {
                return at.value;
            }
            if (left < below) {
                at = at.left;
            } else {
                left -= below + 1;
                at = at.right;
            }
        }
        throw new IndexOutOfBoundsException("no entry at place " + place);
    }

    SharedMap<K, V> with(K key, V value) {
        return new SharedMap<>(put(root, key, value));
    }

    SharedMap<K, V> without(K key) {
        return contains(key) ? new SharedMap<>(remove(root, key)) : this;
    }

    /** In key order. */
    void forEach(BiConsumer<? super K, ? super V> action) {
        walk(root, (key, value) -> {
            action.accept(key, value);
            return true;
        });
    }

    /** In key order from this key on, until the visitor answers false. */
    void walkFrom(K from, BiPredicate<? super K, ? super V> visitor) {
        walkFrom(root, from, visitor);
    }

    /** Whether both are the same map, not merely equal ones. */
    boolean isSame(SharedMap<K, V> other) {
        return root == other.root;
    }

    private static <K extends Comparable<? super K>, V> boolean walk(@Nullable Node<K, V> at,
            BiPredicate<? super K, ? super V> visitor) {
        return at == null || walk(at.left, visitor) && visitor.test(at.key, at.value) && walk(at.right, visitor);
    }

    private static <K extends Comparable<? super K>, V> boolean walkFrom(@Nullable Node<K, V> at, K from,
            BiPredicate<? super K, ? super V> visitor) {
        if (at == null) {
            return true;
        }
        int order = from.compareTo(at.key);
        if (order > 0) {
            return walkFrom(at.right, from, visitor);
        }
        return walkFrom(at.left, from, visitor) && visitor.test(at.key, at.value) && walk(at.right, visitor);
    }

    private static <K extends Comparable<? super K>, V> Node<K, V> put(@Nullable Node<K, V> at, K key, V value) {
        if (at == null) {
            return node(key, value, null, null);
        }
        int order = key.compareTo(at.key);
        if (order == 0) {
            return node(at.key, value, at.left, at.right);
        }
        return order < 0 ? balanced(at, put(at.left, key, value), at.right)
                : balanced(at, at.left, put(at.right, key, value));
    }

    private static <K extends Comparable<? super K>, V> @Nullable Node<K, V> remove(@Nullable Node<K, V> at, K key) {
        if (at == null) {
            return null;
        }
        int order = key.compareTo(at.key);
        if (order < 0) {
            return balanced(at, remove(at.left, key), at.right);
        }
        if (order > 0) {
            return balanced(at, at.left, remove(at.right, key));
        }
        if (at.left == null || at.right == null) {
            return at.left == null ? at.right : at.left;
        }
        Node<K, V> next = at.right;
        while (next.left != null) {
            next = next.left;
        }
        return balanced(next, at.left, remove(at.right, next.key));
    }

    private static <K, V> Node<K, V> balanced(Node<K, V> at, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        int lean = height(left) - height(right);
        if (lean > 1 && left != null) {
            if (height(left.left) >= height(left.right)) {
                return node(left.key, left.value, left.left, node(at.key, at.value, left.right, right));
            }
            Node<K, V> middle = left.right;
            return node(middle.key, middle.value, node(left.key, left.value, left.left, middle.left),
                    node(at.key, at.value, middle.right, right));
        }
        if (lean < -1 && right != null) {
            if (height(right.right) >= height(right.left)) {
                return node(right.key, right.value, node(at.key, at.value, left, right.left), right.right);
            }
            Node<K, V> middle = right.left;
            return node(middle.key, middle.value, node(at.key, at.value, left, middle.left),
                    node(right.key, right.value, middle.right, right.right));
        }
        return node(at.key, at.value, left, right);
    }

    private static <K, V> Node<K, V> node(K key, V value, @Nullable Node<K, V> left, @Nullable Node<K, V> right) {
        return new Node<>(key, value, left, right, 1 + Math.max(height(left), height(right)),
                1 + size(left) + size(right));
    }

    private static int height(@Nullable Node<?, ?> at) {
        return at == null ? 0 : at.height;
    }

    private static int size(@Nullable Node<?, ?> at) {
        return at == null ? 0 : at.size;
    }
}
