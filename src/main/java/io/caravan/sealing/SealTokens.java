package io.caravan.sealing;

import io.caravan.model.SectorNumber;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Cores and heap of this node, shared by the steps of sealing that run here: a step takes what it needs as a whole or not
 * at all. Where several steps wait, the one nearest to a sector's end goes first, so that a step that needs every core is
 * not kept out for ever by small ones.
 */
public final class SealTokens {

    /** Somebody who has not asked for so long does not wait any more: another node has its sector. */
    private static final Duration FORGOTTEN = Duration.ofSeconds(10);

    /** @param cpu cores, {@code sealing.cpu}; {@code heap} bytes, {@code sealing.heap} */
    public record Sizes(int cpu, long heap) {

        public Sizes {
            if (cpu < 1 || heap < 1) {
                throw new IllegalArgumentException("sealing cannot work with " + cpu + " cores and " + heap + " bytes of heap");
            }
        }

        boolean has(Need need) {
            return need.cpu() <= cpu && need.heap() <= heap;
        }
    }

    /** What one step has until it is closed. */
    public final class Pass implements AutoCloseable {

        private final SealStep step;
        private final Need need;
        private volatile @Nullable SectorNumber sector;

        private Pass(SealStep step, Need need) {
            this.step = step;
            this.need = need;
        }

        /** Says for which sector it is. */
        public void of(SectorNumber number) {
            sector = number;
        }

        /** Gives back; those who wait try again. A second call does nothing. */
        @Override
        public void close() {
            giveBack(this);
        }

        private String holder() {
            return sector == null ? "a sector in " + step : "sector " + sector;
        }
    }

    /**
     * What came of asking: one of the two.
     *
     * @param waitsFor in words, e.g. {@code 2 of 2 cpu; sector 12 has 1}
     */
    public record Answer(@Nullable Pass pass, @Nullable String waitsFor) {}

    private record Waiter(Runnable again, Instant askedAt) {}

    private final Supplier<Sizes> sizes;
    private final Clock clock;
    // Both guarded by this object.
    private final Set<Pass> passes = new LinkedHashSet<>();
    private final Map<SealStep, Waiter> waiters = new EnumMap<>(SealStep.class);

    /** @param sizes are asked for each step; a step that runs keeps what it has */
    public SealTokens(Supplier<Sizes> sizes, Clock clock) {
        this.sizes = sizes;
        this.clock = clock;
    }

    public Sizes sizes() {
        return sizes.get();
    }

    /**
     * Asks for a step's place; never waits.
     *
     * @param need at most what there is at all
     * @param again is run, soon, when something was given back, as long as this is not asked for in vain any more
     * @throws IllegalArgumentException when this node never has so much
     */
    public synchronized Answer ask(SealStep step, Need need, Runnable again) {
        Sizes now = sizes.get();
        if (!now.has(need)) {
            throw new IllegalArgumentException(step + " needs " + need + ", this node has " + now);
        }
        if (need.equals(Need.NOTHING)) {
            return new Answer(new Pass(step, need), null);
        }
        Instant asked = clock.instant();
        waiters.values().removeIf(waiter -> waiter.askedAt().isBefore(asked.minus(FORGOTTEN)));
        String missing = missing(step, need, now);
        if (missing != null) {
            waiters.put(step, new Waiter(again, asked));
            return new Answer(null, missing);
        }
        waiters.remove(step);
        Pass pass = new Pass(step, need);
        passes.add(pass);
        return new Answer(pass, null);
    }

    /** Nobody waits for this step any more. */
    public synchronized void forget(SealStep step) {
        waiters.remove(step);
    }

    /** Who has what now, e.g. {@code sector 12: 1 cpu, 16 MiB}. */
    public synchronized List<String> holders() {
        return passes.stream().map(pass -> pass.holder() + ": " + pass.need.cpu() + " cpu, " + ByteWords.needed(pass.need.heap()))
                .toList();
    }

    /** What is taken now. */
    public synchronized Need taken() {
        return new Need((int) sum(pass -> pass.need.cpu()), sum(pass -> pass.need.heap()));
    }

    private @Nullable String missing(SealStep step, Need need, Sizes sizes) {
        SealStep first = waiters.keySet().stream().filter(other -> other.compareTo(step) > 0).reduce((one, later) -> later)
                .orElse(null);
        if (need.cpu() > 0 && sum(pass -> pass.need.cpu()) + need.cpu() > sizes.cpu()) {
            return need.cpu() + " of " + sizes.cpu() + " cpu" + held(pass -> pass.need.cpu() > 0, pass -> "" + pass.need.cpu());
        }
        if (need.heap() > 0 && sum(pass -> pass.need.heap()) + need.heap() > sizes.heap()) {
            return ByteWords.needed(need.heap()) + " of " + ByteWords.there(sizes.heap()) + " heap"
                    + held(pass -> pass.need.heap() > 0, pass -> ByteWords.needed(pass.need.heap()));
        }
        return first == null ? null : need.cpu() + " of " + sizes.cpu() + " cpu; a sector in " + first + " goes first";
    }

    private String held(Predicate<Pass> has, Function<Pass, String> amount) {
        return passes.stream().filter(has).map(pass -> pass.holder() + " has " + amount.apply(pass))
                .collect(Collectors.joining(", ", "; ", ""));
    }

    private long sum(ToLongFunction<Pass> part) {
        return passes.stream().mapToLong(part).sum();
    }

    private void giveBack(Pass pass) {
        List<Runnable> woken = new ArrayList<>();
        synchronized (this) {
            if (passes.remove(pass)) {
                waiters.values().forEach(waiter -> woken.add(waiter.again()));
            }
        }
        woken.forEach(Runnable::run);
    }
}
