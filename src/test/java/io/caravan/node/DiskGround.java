package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.chain.HeadFeed;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostBuilder;
import io.caravan.node.config.Settings;
import io.caravan.rpc.RpcClient;
import io.caravan.time.Timeline;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.function.ToLongBiFunction;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/** The machine, but what its disks have left is what the test says. */
final class DiskGround implements Ground {

    private final Ground machine = new MachineGround();
    private final ToLongBiFunction<Path, Long> disk;

    /** @param disk what a folder's disk has left, given the folder and what it really has */
    DiskGround(ToLongBiFunction<Path, Long> disk) {
        this.disk = disk;
    }

    @Override
    public long freeBytes(Path folder) {
        return disk.applyAsLong(folder, machine.freeBytes(folder));
    }

    @Override
    public Timeline timeline() {
        return machine.timeline();
    }

    @Override
    public SecureRandom keys() {
        return machine.keys();
    }

    @Override
    public RandomGenerator chance() {
        return machine.chance();
    }

    @Override
    public Host host(String role, PrivKey key, HostBuilder described) {
        return machine.host(role, key, described);
    }

    @Override
    public Chain chain(String role, RpcClient client, HeadFeed heads) {
        return machine.chain(role, client, heads);
    }

    @Override
    public Map<String, Object> clocks(Settings settings, DataSource database, String node) {
        return machine.clocks(settings, database, node);
    }
}
