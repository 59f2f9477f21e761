package io.caravan.node.sim;

import io.caravan.node.Machine;
import io.caravan.rpc.LocalCalls;
import io.caravan.rpc.RpcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who carry the data of offline deals to the miner: hours later, a few of them with something else at first. */
final class Couriers {

    private static final Logger LOG = LoggerFactory.getLogger(Couriers.class);
    private static final Duration AGAIN = Duration.ofHours(1);
    private static final int MOST_TRIES = 150; // by then the deal's start has passed
    private static final int SHORTEST_MINUTES = 30;
    private static final int LONGEST_MINUTES = 36 * 60;
    private static final double WRONG = 0.2;
    private static final int WRONG_BYTES = 100;

    private final Loop loop;
    private final Machine machine;
    private final Roles roles;
    private final Seed seed;
    private final Path folder;
    private final Set<String> done = new HashSet<>();
    private final List<String> taken = new ArrayList<>();

    Couriers(Loop loop, Machine machine, Roles roles, Seed seed, Path folder) {
        this.loop = loop;
        this.machine = machine;
        this.roles = roles;
        this.seed = seed;
        this.folder = folder;
    }

    /** The file that is carried for that deal. */
    Path car(int number) {
        return folder.resolve("carried-" + number + ".car");
    }

    /** Sentences about data that the miner took though it is not the deal's. */
    List<String> taken() {
        return taken;
    }

    /** Sets out with the data of that deal. */
    void carry(int number, String proposal) {
        RandomGenerator random = seed.random("courier " + number);
        Duration way = Duration.ofMinutes(random.nextInt(SHORTEST_MINUTES, LONGEST_MINUTES));
        boolean isWrong = random.nextDouble() < WRONG;
        loop.at(loop.now() + way.toNanos(), () -> arrive(number, proposal, isWrong, MOST_TRIES));
    }

    private void arrive(int number, String proposal, boolean isWrong, int tries) {
        if (done.contains(proposal) || tries == 0) {
            return;
        }
        if (roles.isUp("miner")) {
            loop.spawn(roles.life("miner"), () -> {
                if (isWrong && bring(proposal, other(number))) {
                    taken.add("the miner took other data for deal " + number);
                }
                if (bring(proposal, car(number))) {
                    done.add(proposal);
                }
            });
        }
        loop.at(loop.now() + AGAIN.toNanos(), () -> arrive(number, proposal, isWrong, tries - 1));
    }

    /** Whether the miner took it. */
    private boolean bring(String proposal, Path file) {
        try {
            new LocalCalls(machine.methods("miner")).call("Filecoin.MarketImportDealData", Map.of("/", proposal), file.toString());
            return true;
        } catch (RpcException e) {
            LOG.info("the data of deal {} is not taken now: {}", proposal, e.getMessage());
            return false;
        }
    }

    private Path other(int number) {
        Path file = folder.resolve("mistaken-" + number + ".car");
        try {
            byte[] content = new byte[WRONG_BYTES];
            seed.random("mistake " + number).nextBytes(content);
            Files.write(file, content);
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
