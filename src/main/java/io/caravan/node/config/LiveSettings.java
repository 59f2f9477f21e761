package io.caravan.node.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Function;

/**
 * The settings of a running role, which may change. What is read by {@link #of} follows them, all of it at once or, when one
 * value cannot be used, none of it; what is read from {@link #atStart()} holds until the next start. Both note their keys, so
 * that it is known, not declared, which keys a change of reaches who.
 */
public final class LiveSettings {

    private final SortedSet<String> followed = new ConcurrentSkipListSet<>();
    private final SortedSet<String> fixed = new ConcurrentSkipListSet<>();
    private final List<Live<?>> values = new ArrayList<>();
    private final Settings start;
    private volatile Settings now;

    public LiveSettings(Settings settings) {
        start = settings.noting(fixed::add);
        now = settings;
    }

    /** As they were when the role started. */
    public Settings atStart() {
        return start;
    }

    /** As they are now, those included that wait for the next start. For those who show settings, not for those who go by them. */
    public Settings now() {
        return now;
    }

    /**
     * A value that follows the settings.
     *
     * @param reader makes it; is asked again at each change, with settings that passed their check
     * @throws ConfigException from the reader
     */
    public synchronized <T> Live<T> of(Function<Settings, T> reader) {
        Live<T> value = new Live<>(reader, now.noting(followed::add));
        values.add(value);
        return value;
    }

    /**
     * Looks whether every value can be made of them; changes nothing.
     *
     * @throws ConfigException naming what cannot be used
     * @throws IllegalArgumentException likewise
     */
    public synchronized void check(Settings fresh) {
        steps(fresh);
    }

    /**
     * From now on these are the settings.
     *
     * @throws RuntimeException a value cannot be made, or whoever has to be told of one cannot use it; then everything is as it was
     */
    public synchronized void use(Settings fresh) {
        List<Live.Step> steps = steps(fresh);
        Settings before = now;
        steps.forEach(Live.Step::set);
        now = fresh;
        try {
            steps.forEach(Live.Step::tell);
        } catch (RuntimeException e) {
            List<Live.Step> back = steps.stream().map(Live.Step::back).toList();
            back.forEach(Live.Step::set);
            now = before;
            try {
                back.forEach(Live.Step::tell);
            } catch (RuntimeException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    /** The keys of which values were made that follow. */
    public Set<String> followed() {
        return Collections.unmodifiableSet(followed);
    }

    /** The keys that were read for good. */
    public Set<String> fixed() {
        return Collections.unmodifiableSet(fixed);
    }

    private List<Live.Step> steps(Settings fresh) {
        Settings noting = fresh.noting(followed::add);
        return values.stream().<Live.Step>map(value -> value.to(noting)).toList();
    }
}
