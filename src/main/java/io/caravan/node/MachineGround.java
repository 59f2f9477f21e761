package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.chain.HeadFeed;
import io.caravan.chain.LotusChain;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostBuilder;
import io.caravan.node.config.Settings;
import io.caravan.rpc.RpcClient;
import io.caravan.store.QuartzDatabase;
import io.caravan.time.Timeline;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.apache.camel.component.quartz.QuartzComponent;

/** The machine itself: its clock and threads, its sockets, Quartz. */
final class MachineGround implements Ground {

    private final Timeline timeline = Timeline.of(Clock.systemUTC());
    private final Consumer<String> end;

    MachineGround() {
        this(role -> { });
    }

    /** @param end hears of the role whose caller wants the process to end */
    MachineGround(Consumer<String> end) {
        this.end = end;
    }

    @Override
    public Timeline timeline() {
        return timeline;
    }

    @Override
    public SecureRandom keys() {
        return new SecureRandom();
    }

    @Override
    public RandomGenerator chance() {
        return new Random();
    }

    @Override
    public Host host(String role, PrivKey key, HostBuilder described) {
        return described.start();
    }

    @Override
    public Chain chain(String role, RpcClient client, HeadFeed heads) {
        return new LotusChain(client, heads);
    }

    @Override
    public Map<String, Object> clocks(Settings settings, DataSource database, String node) {
        QuartzComponent quartz = new QuartzComponent();
        quartz.setProperties(QuartzDatabase.properties(database, node));
        // Camel has waited for the steps that run before it stops Quartz, which would itself wait for a finished job to be
        // written down: without a database it would never end.
        quartz.setInterruptJobsOnShutdown(true);
        return Map.of("quartz", quartz);
    }

    @Override
    public void endAsked(String role) {
        end.accept(role);
    }
}
