package io.caravan.sealing;

import static io.caravan.model.SectorEvent.COMMIT_1_FAILED;
import static io.caravan.model.SectorEvent.COMMIT_2_FAILED;
import static io.caravan.model.SectorEvent.DEALS_EXPIRED;
import static io.caravan.model.SectorEvent.PRE_COMMIT_1_FAILED;
import static io.caravan.model.SectorEvent.PRE_COMMIT_2_FAILED;
import static io.caravan.model.SectorEvent.PRE_COMMIT_FAILED;
import static io.caravan.model.SectorEvent.PROVE_FAILED;
import static io.caravan.model.SectorEvent.REDO_PRE_COMMIT_1;
import static io.caravan.model.SectorState.COMMIT_PHASE_2;
import static io.caravan.model.SectorState.PRE_COMMIT_PHASE_2;
import static io.caravan.model.SectorState.PROVING;
import static io.caravan.model.SectorState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.ExitCode;
import io.caravan.chain.Methods;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.model.WaitsOn;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The failure states and retries of sealing (spec sealing 5.2), a row each: what fails, how often, and where the sector goes. */
class FailureRulesTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;

    private SealingWorld world;

    /**
     * @param harm what goes wrong
     * @param setbacks what the first sector's history has of it
     * @param end where the first sector ends
     */
    private record Row(String name, Consumer<SealingWorld> harm, List<SectorEvent> setbacks, SectorState end) {
        @Override
        public String toString() {
            return name;
        }
    }

    @BeforeEach
    void open() {
        world = new SealingWorld(POSTGRES, home);
    }

    static Stream<Row> steps() {
        return Stream.of(
                new Row("PC1 fails three times and is done over", fails("preCommit1", 3), times(3, PRE_COMMIT_1_FAILED), PROVING),
                new Row("PC1 fails a fourth time: the sector is removed", fails("preCommit1", 4), times(3, PRE_COMMIT_1_FAILED), UNKNOWN),
                new Row("PC2 fails three times and is done over", fails("preCommit2", 3), times(3, PRE_COMMIT_2_FAILED), PROVING),
                new Row("PC2 fails a fourth time: back to PC1", fails("preCommit2", 4),
                        then(times(3, PRE_COMMIT_2_FAILED), REDO_PRE_COMMIT_1), PROVING),
                new Row("C1 fails three times and is done over", fails("commit1", 3), times(3, COMMIT_1_FAILED), PROVING),
                new Row("C1 fails a fourth time: back to PC1", fails("commit1", 4),
                        then(times(3, COMMIT_1_FAILED), REDO_PRE_COMMIT_1), PROVING),
                new Row("C2 fails: back to C1", fails("commit2", 3), times(3, COMMIT_2_FAILED), PROVING),
                new Row("C2 fails a fourth time: back to PC1", fails("commit2", 4),
                        then(times(3, COMMIT_2_FAILED), REDO_PRE_COMMIT_1), PROVING),
                new Row("a proof does not hold: another proof", disproves(1), times(1, COMMIT_2_FAILED), PROVING),
                new Row("a second proof does not hold: back to PC1", disproves(2),
                        List.of(COMMIT_2_FAILED, REDO_PRE_COMMIT_1), PROVING),
                new Row("a worker that goes away counts for nothing", world -> world.with(failing(world.engine(), "preCommit2", 5,
                        () -> new RetryableException(WaitsOn.SEALER, "the worker went away", null))), List.of(), PROVING),
                new Row("the pre-commit runs out of gas: another one", world -> fail(world, Methods.MINER_PRE_COMMIT_SECTOR_BATCH2,
                        ExitCode.SYS_OUT_OF_GAS), times(1, PRE_COMMIT_FAILED), PROVING),
                new Row("the prove-commit runs out of gas: another one", world -> fail(world, Methods.MINER_PROVE_COMMIT_SECTORS3,
                        ExitCode.SYS_OUT_OF_GAS), times(1, PROVE_FAILED), PROVING));
    }

    @ParameterizedTest
    @MethodSource("steps")
    void aStepThatFails(Row row) {
        SectorPiece piece = world.hand(200);
        row.harm().accept(world);
        world.run();
        Sector first = world.sectors.list(Set.of(), null, 1).get(0);
        assertThat(setbacks(first)).isEqualTo(row.setbacks());
        assertThat(first.state()).isEqualTo(row.end());
        assertThat(world.sector(piece).state()).isEqualTo(PROVING); // here or in another sector
    }

    private List<SectorEvent> setbacks(Sector sector) {
        return world.events(sector.number()).stream().filter(SectorEvent::isSetback).toList();
    }

    private static List<SectorEvent> times(int many, SectorEvent event) {
        return Collections.nCopies(many, event);
    }

    private static List<SectorEvent> then(List<SectorEvent> first, SectorEvent last) {
        return Stream.concat(first.stream(), Stream.of(last)).toList();
    }

    private static Consumer<SealingWorld> fails(String method, int times) {
        return world -> world.with(failing(world.engine(), method, times, () -> new RetryableException(WaitsOn.NODE,
                "cannot work on the files: the disk is ill", new IOException("the disk is ill"))));
    }

    private static Consumer<SealingWorld> disproves(int times) {
        AtomicInteger left = new AtomicInteger(times);
        return world -> world.with(around(world.engine(), (method, result) ->
                method.equals("sealFlaw") && left.getAndDecrement() > 0 ? Optional.of("a label is not what it should be") : result));
    }

    /** What such messages do on chain is undone once. */
    private static void fail(SealingWorld world, long method, long exitCode) {
        world.failOnce(method, exitCode);
    }

    private static SealingEngine failing(SealingEngine real, String failing, int times, Supplier<RuntimeException> failure) {
        AtomicInteger left = new AtomicInteger(times);
        return around(real, (method, result) -> {
            if (method.equals(failing) && left.getAndDecrement() > 0) {
                throw failure.get();
            }
            return result;
        });
    }

    @FunctionalInterface
    private interface After {
        Object see(String method, Object result);
    }

    private static SealingEngine around(SealingEngine real, After after) {
        return (SealingEngine) Proxy.newProxyInstance(SealingEngine.class.getClassLoader(), new Class<?>[] {SealingEngine.class},
                (proxy, method, args) -> {
                    try {
                        return after.see(method.getName(), method.invoke(real, args));
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private void until(SectorState state) {
        while (world.sectors.count().getOrDefault(state, 0L) == 0) {
            world.pass();
        }
    }

    @Test
    void aStepThatFailedIsTriedAfterItsCoolDownAndSaysWhen() {
        world.withCoolDown(Duration.ofMinutes(5)).with(failing(world.engine(), "preCommit2", 1, () ->
                new RetryableException(WaitsOn.NODE, "the disk is ill", new IOException("ill"))));
        world.hand(200);
        Instant failed = world.clock.instant();
        world.pass();
        Sector cooling = world.only();
        assertThat(cooling.turn().runAfter()).isEqualTo(failed.plus(Duration.ofMinutes(5)));
        assertThat(cooling.waiting().lastError()).isEqualTo("the disk is ill");
        assertThat(cooling.turn().attempt()).isEqualTo(1);
        world.pass();
        assertThat(world.only().state()).isEqualTo(PRE_COMMIT_PHASE_2);
        assertThat(world.only().commR()).isNull();
        world.clock.forward(Duration.ofMinutes(5));
        world.pass();
        assertThat(world.only().commR()).isNotNull();
    }

    @Test
    void aSectorThatGoesBackCoolsDownToo() {
        world.withCoolDown(Duration.ofMinutes(5));
        disproves(1).accept(world);
        world.hand(200);
        while (world.sectors.list(Set.of(), null, 1).isEmpty() || setbacks(world.only()).isEmpty()) {
            world.pass();
        }
        Sector cooling = world.only();
        assertThat(cooling.state()).isEqualTo(SectorState.COMMIT_PHASE_1);
        assertThat(cooling.waiting().on()).isEqualTo(WaitsOn.TIME);
        assertThat(cooling.waiting().what()).startsWith("its next try after: the proof does not hold");
        assertThat(cooling.waiting().until()).isEqualTo(cooling.turn().runAfter());
        assertThat(Duration.between(cooling.enteredAt(), cooling.turn().runAfter())).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void aSectorWhoseDealsCannotStartAnyMoreIsNotPromised() {
        world.chain.refuseEstimates("the miner's balance is too low");
        SectorPiece piece = world.hand(200, SealingWorld.HEAD + 600, 0);
        until(PRE_COMMIT_PHASE_2);
        world.epoch = SealingWorld.HEAD + 600;
        world.chain.to(world.epoch);
        world.chain.refuseEstimates("");
        world.clock.forward(Duration.ofHours(1));
        world.run();
        world.pass(); // its pieces go back to their deals
        Sector sector = world.only();
        assertThat(world.events(sector.number())).contains(DEALS_EXPIRED);
        assertThat(sector.state()).isEqualTo(UNKNOWN);
        assertThat(world.pushed(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)).isEmpty();
        assertThat(world.piece(piece).refusal()).contains("start epoch has passed");
    }

    @Test
    void aSectorWhoseDealsCannotStartAnyMoreIsNotProven() {
        SectorPiece piece = world.hand(200, SealingWorld.HEAD + 600, 0);
        until(SectorState.WAIT_SEED);
        world.chain.refuseEstimates("no");
        until(COMMIT_PHASE_2);
        world.epoch = SealingWorld.HEAD + 600;
        world.chain.to(world.epoch);
        world.chain.refuseEstimates("");
        world.clock.forward(Duration.ofHours(1));
        world.run();
        world.pass(); // its pieces go back to their deals
        assertThat(world.events(world.only().number())).contains(DEALS_EXPIRED);
        assertThat(world.pushed(Methods.MINER_PROVE_COMMIT_SECTORS3)).isEmpty();
        assertThat(world.piece(piece).refusal()).contains("start epoch has passed");
    }
}
