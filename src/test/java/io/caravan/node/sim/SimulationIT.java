package io.caravan.node.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("busy")
@DisplayName("a simulation of daemon, miner and chain")
class SimulationIT {

    private static final int SHRINKING = 40;

    private static SimServer server;

    @BeforeAll
    static void start() {
        server = new SimServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    @DisplayName("ends the same with the same seed, and otherwise with another")
    void repeats() {
        Simulation.Order order = new Simulation.Order(11, 5, 8, FaultScripts.random(11, 12, 5));
        Outcome first = holds(order);
        Outcome second = run(order);
        assertThat(second.digest()).as("seed 11").isEqualTo(first.digest());
        assertThat(second.world()).isEqualTo(first.world());
    }

    @ParameterizedTest(name = "holds with deals and faults that nobody chose (seed {0})")
    @MethodSource("drawn")
    void drawnFaults(long seed) {
        holds(new Simulation.Order(seed, 5, 8, FaultScripts.random(seed, 12, 5)));
    }

    static LongStream drawn() {
        return LongStream.of(ThreadLocalRandom.current().nextLong(1, 1_000_000_000));
    }

    @ParameterizedTest(name = "S142 random deals with random kills, cuts and cancels come to rest with both sides agreeing and nothing left (seed {0})")
    @ValueSource(longs = {1, 2, 3, 4})
    @Tag("matrix")
    void randomFaults(long seed) {
        holds(new Simulation.Order(seed, 10, 20, FaultScripts.random(seed, 25, 8)));
    }

    @ParameterizedTest(name = "S142 200 random deals with random kills, cuts and cancels come to rest with both sides agreeing and nothing left (seed {0})")
    @ValueSource(longs = {101, 102, 103})
    @Tag("matrix")
    void manyRandomFaults(long seed) {
        holds(new Simulation.Order(seed, 200, 40, FaultScripts.random(seed, 80, 20)));
    }

    @Test
    @Tag("matrix")
    @DisplayName("S143 what the daemon showed of a deal from time to time is a subsequence of what the miner had")
    void shownWasReal() {
        Outcome outcome = holds(new Simulation.Order(3, 6, 12, FaultScripts.random(3, 15, 6)));
        assertThat(outcome.world().samples()).as("looks at deals").isGreaterThan(20);
    }

    @ParameterizedTest(name = "holds through a year of what usually goes wrong (seed {0})")
    @ValueSource(longs = {1, 2})
    @Tag("soak")
    void soak(long seed) {
        holds(new Simulation.Order(seed, 300, 360, FaultScripts.named("usual")));
    }

    /** What fails is told as the smallest order that fails too. */
    private static Outcome holds(Simulation.Order order) {
        Outcome outcome = run(order);
        if (!outcome.isGood()) {
            Simulation.Order smallest = new Shrinker(smaller -> !run(smaller).isGood(), SHRINKING).shrink(order);
            assertThat(run(smallest).wrong()).as("seed %d, %d deals, %d days, script:%n%s%n(shrunk from: %s)", smallest.seed(),
                    smallest.deals(), smallest.days(), smallest.faults().text(), outcome.wrong()).isEmpty();
        }
        return outcome;
    }

    private static Outcome run(Simulation.Order order) {
        return new Simulation(order, server, line -> { }).run();
    }
}
