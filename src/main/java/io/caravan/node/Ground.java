package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.chain.HeadFeed;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostBuilder;
import io.caravan.node.config.Settings;
import io.caravan.rpc.RpcClient;
import io.caravan.sealing.SealingEngine;
import io.caravan.time.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.random.RandomGenerator;
import javax.sql.DataSource;

/**
 * What a role stands on: time, chance, the network and the chain. A role takes all of these from here, so it does the same
 * whether they are the machine's or simulated.
 */
public interface Ground {

    /** When things happen, and on which threads. */
    Timeline timeline();

    /** Makes keys. */
    SecureRandom keys();

    /** Spreads retries. */
    RandomGenerator chance();

    /**
     * Opens a role's libp2p host.
     *
     * @param described the host with that key as the settings want it
     */
    Host host(String role, PrivKey key, HostBuilder described);

    /** The chain behind that client. */
    Chain chain(String role, RpcClient client, HeadFeed heads);

    /** What computes sectors: the engine that the settings want, unless the ground has its own way with it. */
    default SealingEngine engine(SealingEngine described) {
        return described;
    }

    /** Bytes that the disk of a folder has left for us. */
    default long freeBytes(Path folder) {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot ask how much room the disk of " + folder + " has", e);
        }
    }

    /** Components that run routes at moments, by name, beside those that Camel finds itself. */
    Map<String, Object> clocks(Settings settings, DataSource database, String node);

    /** A caller of that role wants the process to end; nothing happens where a role is no process. */
    default void endAsked(String role) {}
}
