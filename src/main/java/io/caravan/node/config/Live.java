package io.caravan.node.config;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A value made of settings, as they are now. Whoever is given it asks for it at each use and never keeps what it got, so that
 * a changed setting holds for the next deal, batch or look. Made by {@link LiveSettings#of}.
 */
public final class Live<T> implements Supplier<T> {

    private final Function<Settings, T> reader;
    private final List<Consumer<? super T>> listeners = new CopyOnWriteArrayList<>();
    private volatile T value;

    /** A value to be, whose setting changes nothing as long as it is not done. */
    interface Step {

        void set();

        /** Tells the listeners, if it is another value than before. */
        void tell();

        /** The opposite of {@link #set}. */
        Step back();
    }

    Live(Function<Settings, T> reader, Settings first) {
        this.reader = reader;
        this.value = reader.apply(first);
    }

    @Override
    public T get() {
        return value;
    }

    /** For what cannot ask at each use: is given the value now, and each other one as it comes. */
    public void follow(Consumer<? super T> listener) {
        onChange(listener);
        listener.accept(value);
    }

    /** Is given each other value as it comes. */
    public void onChange(Consumer<? super T> listener) {
        listeners.add(listener);
    }

    Step to(Settings fresh) {
        return new To(value, reader.apply(fresh));
    }

    private final class To implements Step {

        private final T was;
        private final T is;

        To(T was, T is) {
            this.was = was;
            this.is = is;
        }

        @Override
        public void set() {
            value = is;
        }

        @Override
        public void tell() {
            if (!Objects.equals(was, is)) {
                listeners.forEach(listener -> listener.accept(is));
            }
        }

        @Override
        public Step back() {
            return new To(is, was);
        }
    }
}
