package io.caravan.rpc;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The methods one server answers, by full name ({@code Filecoin.ChainHead}). Safe for use by many threads; methods come
 * and go while the server runs. A method registered for v0 only overrides the common one on {@code /rpc/v0}.
 */
public final class MethodTable {
    private final Map<String, RpcMethod> common = new ConcurrentHashMap<>();
    private final Map<String, RpcMethod> v0Only = new ConcurrentHashMap<>();
    private volatile @Nullable Fallback fallback;
    private volatile CallWatch watch = CallWatch.NOBODY;
    private volatile ErrorTranslator errors = failure -> null;

    /** Answers what the table does not hold. */
    @FunctionalInterface
    public interface Fallback {
        /**
         * The method to use for a name the table does not hold.
         *
         * @return empty if there is none, which answers "method not found"
         */
        Optional<RpcMethod> find(String name, int apiVersion);
    }

    /** Says what an exception of the methods' own kind means to a caller. */
    @FunctionalInterface
    public interface ErrorTranslator {
        /** The error to answer with, null if the exception is of no known kind. */
        @Nullable RpcException translate(Throwable failure);
    }

    /** Takes a method back out of the table. Closing twice does no harm. */
    @FunctionalInterface
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Adds a method for both API versions.
     *
     * @throws IllegalStateException if the name is taken
     */
    public Registration register(String name, RpcMethod method) {
        return put(common, name, method);
    }

    /**
     * Adds a method that answers on {@code /rpc/v0} instead of the common one of that name.
     *
     * @throws IllegalStateException if the name is taken there
     */
    public Registration registerV0(String name, RpcMethod method) {
        return put(v0Only, name, method);
    }

    /**
     * Puts a method in the place of one that was registered for both API versions, so that no call in between finds none.
     *
     * @throws IllegalStateException if that one is not there any more
     */
    public Registration replace(String name, RpcMethod before, RpcMethod after) {
        if (!common.replace(name, before, after)) {
            throw new IllegalStateException("method " + name + " is not answered by what is to be replaced");
        }
        return () -> common.remove(name, after);
    }

    /** Sets who answers unknown names, e.g. a forwarder to another node; null for nobody. */
    public void fallback(@Nullable Fallback next) {
        fallback = next;
    }

    /** Sets how exceptions that are no {@link RpcException} are answered. */
    public void errors(ErrorTranslator translator) {
        errors = translator;
    }

    /** Sets who hears of each call. */
    public void watch(CallWatch listener) {
        watch = listener;
    }

    void answered(String name, long nanos, boolean isError) {
        watch.answered(common.containsKey(name) || v0Only.containsKey(name) ? name
                : find(name, 1).isPresent() ? "forwarded" : "unknown", nanos, isError);
    }

    @Nullable RpcException translate(Throwable failure) {
        return errors.translate(failure);
    }

    /** The method of that name, the fallback's if the table has none. */
    public Optional<RpcMethod> find(String name, int apiVersion) {
        RpcMethod method = apiVersion == 0 ? v0Only.get(name) : null;
        if (method == null) {
            method = common.get(name);
        }
        if (method != null) {
            return Optional.of(method);
        }
        Fallback next = fallback;
        return next == null ? Optional.empty() : next.find(name, apiVersion);
    }

    /** All registered names in order, for documentation and tests. */
    public SortedSet<String> names() {
        SortedSet<String> names = new TreeSet<>(common.keySet());
        names.addAll(v0Only.keySet());
        return names;
    }

    private static Registration put(Map<String, RpcMethod> table, String name, RpcMethod method) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a method needs a name");
        }
        if (table.putIfAbsent(name, method) != null) {
            throw new IllegalStateException("method " + name + " is registered already");
        }
        return () -> table.remove(name, method);
    }
}
