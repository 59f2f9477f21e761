package io.caravan.store;

import io.caravan.model.SectorState;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When places in sealing become free, judged by how long each step of the newest sectors took here (the median of sixteen).
 * All of it is in the sectors' history, so a restart forgets nothing; where there is no history nothing is said.
 */
public final class SealingPace {

    private static final int NEWEST = 16;
    private static final List<SectorState> STEPS = List.of(SectorState.PRE_COMMIT_PHASE_1, SectorState.PRE_COMMIT_PHASE_2,
            SectorState.WAIT_SEED, SectorState.COMMIT_PHASE_1, SectorState.COMMIT_PHASE_2, SectorState.FINALIZE);

    private record Underway(SectorState state, Instant since) {}

    private final Sql sql;
    private final Clock clock;

    public SealingPace(Sql sql, Clock clock) {
        this.sql = sql;
        this.clock = clock;
    }

    /** How long until so many of the sectors that are being sealed are done; empty when that cannot be told. */
    public Optional<Duration> untilSealed(long many) {
        return nth(sealed().sorted().toList(), many);
    }

    /**
     * How long until so many of the pieces and sectors that wait are on their way: a sector is when it is closed, a piece
     * without a sector when the next one that is sealed leaves its place. Empty when that cannot be told.
     */
    public Optional<Duration> untilPacked(long many) {
        Instant now = clock.instant();
        Stream<Duration> closings = sql.list("sealing_pace/closing", Map.of(), (row, number) -> Rows.instant(row, "deadline"))
                .stream().map(closing -> atLeastNothing(Duration.between(now, closing)));
        return nth(Stream.concat(closings, sealed()).sorted().toList(), many);
    }

    private static Optional<Duration> nth(List<Duration> inOrder, long many) {
        return many < 1 || many > inOrder.size() ? Optional.empty() : Optional.of(inOrder.get((int) many - 1));
    }

    private Stream<Duration> sealed() {
        Map<SectorState, Duration> usual = usual();
        Instant now = clock.instant();
        return sql.list("sealing_pace/underway", Map.of(), (row, number) ->
                new Underway(SectorState.ofName(row.getString("state")), Rows.instant(row, "since")))
                .stream().flatMap(one -> left(one, usual, now).stream());
    }

    /** What is left of the step it is in, and all of those to come. */
    private static Optional<Duration> left(Underway one, Map<SectorState, Duration> usual, Instant now) {
        Duration left = Duration.ZERO;
        for (SectorState step : STEPS.subList(STEPS.indexOf(one.state()), STEPS.size())) {
            Duration takes = usual.get(step);
            if (takes == null) {
                return Optional.empty();
            }
            left = left.plus(step == one.state() ? atLeastNothing(takes.minus(Duration.between(one.since(), now))) : takes);
        }
        return Optional.of(left);
    }

    private Map<SectorState, Duration> usual() {
        Map<SectorState, Duration> usual = new EnumMap<>(SectorState.class);
        sql.list("sealing_pace/steps", Map.of("limit", NEWEST), (row, number) -> usual.put(
                SectorState.ofName(row.getString("state")), seconds(row.getBigDecimal("seconds"))));
        return usual;
    }

    private static Duration seconds(BigDecimal seconds) {
        return Duration.ofMillis(seconds.movePointRight(3).longValue());
    }

    private static Duration atLeastNothing(Duration time) {
        return time.isNegative() ? Duration.ZERO : time;
    }
}
