package io.caravan.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class CallRatesTest {

    private static final long SECOND = 1_000_000_000L;
    private final CallRates rates = new CallRates(() -> limits(10, 100));

    private static ServerLimits limits(int perSecond, int burst) {
        ServerLimits usual = ServerLimits.usual();
        return new ServerLimits(usual.maxBodyBytes(), usual.maxBufferedBytes(), usual.maxDepth(), usual.maxBatch(), usual.maxConnections(),
                usual.maxPerAddress(), usual.workers(), usual.maxQueued(), usual.maxInFlight(), perSecond, burst, usual.bodyTimeout(),
                usual.idleTimeout());
    }

    @Test
    void aChangedRateHoldsForTheNextCall() {
        AtomicReference<ServerLimits> now = new AtomicReference<>(limits(1, 1));
        CallRates changing = new CallRates(now::get);
        assertThat(changing.take("a", 1, 0)).isZero();
        assertThat(changing.take("a", 1, 0)).isEqualTo(1);
        now.set(limits(100, 100));
        assertThat(changing.take("a", 50, SECOND)).isZero();
        now.set(limits(0, 1));
        assertThat(changing.take(Caller.nobody(InetAddress.getLoopbackAddress(), Set.of()), 1000)).as("no limit").isZero();
    }

    @Test
    void aRestedCallerMayCallManyTimesAtOnceAndThenAtItsRate() {
        assertThat(rates.take("a", 100, 0)).isZero();
        assertThat(rates.take("a", 1, 0)).isEqualTo(1);
        assertThat(rates.take("b", 1, 0)).isZero();
        assertThat(rates.take("a", 10, SECOND)).isZero();
        assertThat(rates.take("a", 1, SECOND)).isEqualTo(1);
        assertThat(rates.take("a", 50, SECOND)).isEqualTo(5);
        assertThat(rates.take("a", 1000, 20 * SECOND)).as("a batch larger than all there can be").isZero();
    }

    @Test
    void whoRestsIsForgottenAndStrangersInMassesShareOneMeasure() {
        for (int i = 0; i < 20_000; i++) {
            rates.take("stranger " + i, 1, 0);
        }
        assertThat(rates.size()).isLessThanOrEqualTo(10_001);
        assertThat(rates.take("one more", 1, 0)).as("their common measure is used up").isPositive();
        rates.sweep(20 * SECOND);
        assertThat(rates.size()).isZero();
        assertThat(rates.take("one more", 1, 20 * SECOND)).isZero();
    }

    @Test
    void aTokenIsOneCallerWhereverItComesFrom() throws Exception {
        CallRates one = new CallRates(() -> limits(1, 1));
        for (String address : new String[] {"192.0.2.1", "192.0.2.2"}) {
            Caller caller = new Caller("token x", Caller.Kind.TOKEN, "x", InetAddress.getByName(address), Set.of());
            assertThat(one.take(caller, 1)).isEqualTo(address.endsWith("1") ? 0 : 1);
        }
        assertThat(one.take(Caller.nobody(InetAddress.getByName("2001:db8::1"), Set.of()), 1)).isZero();
        assertThat(one.take(Caller.nobody(InetAddress.getByName("2001:db8::2"), Set.of()), 1)).as("the same network").isEqualTo(1);
    }

    @Test
    void strangersInMassesDoNotSlowDownWhoHasATokenOrASession() throws Exception {
        CallRates one = new CallRates(() -> limits(1, 1));
        InetAddress here = InetAddress.getByName("192.0.2.1");
        for (int i = 0; i <= 10_000; i++) {
            one.take("stranger " + i, 1, System.nanoTime());
        }
        assertThat(one.take(Caller.nobody(here, Set.of()), 1)).as("one stranger more").isPositive();
        assertThat(one.take(new Caller("token x", Caller.Kind.TOKEN, "x", here, Set.of()), 1)).isZero();
        assertThat(one.take(new Caller("kim", Caller.Kind.SESSION, "00", here, Set.of()), 1)).isZero();
    }

    @Test
    void thisProcessIsNotCounted() {
        CallRates one = new CallRates(() -> limits(1, 1));
        assertThat(one.take(Caller.itself(), 1000)).isZero();
        assertThat(one.take(Caller.itself(), 1000)).isZero();
    }
}
