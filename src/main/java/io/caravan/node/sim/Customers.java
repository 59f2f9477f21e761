package io.caravan.node.sim;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.Machine;
import io.caravan.rpc.LocalCalls;
import io.caravan.rpc.RpcException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who place deals at the daemon, by its JSON-RPC methods, and come again while it is down. */
final class Customers {

    private static final Logger LOG = LoggerFactory.getLogger(Customers.class);
    private static final Duration AGAIN = Duration.ofMinutes(10);
    private static final String PRICE = "10000";
    private static final long DAY_EPOCHS = 2880;
    private static final int MANY_DAYS = 3600;
    private static final long DATACAP = 1L << 30;
    private static final int PADDED = 128;
    private static final int UNPADDED = 127;
    private static final String CANCEL = "Caravan.DealCancel";

    private final Loop loop;
    private final Machine machine;
    private final Roles roles;
    private final SimChain chain;
    private final Seed seed;
    private final Path folder;
    private final Couriers couriers;
    private final Map<Integer, String> proposals = new TreeMap<>();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<Integer, Long> starts = new HashMap<>();
    private int given;
    private int bad;

    Customers(Loop loop, Machine machine, Roles roles, SimChain chain, Seed seed, Path folder) {
        this.loop = loop;
        this.machine = machine;
        this.roles = roles;
        this.chain = chain;
        this.seed = seed;
        this.folder = folder;
        this.couriers = new Couriers(loop, machine, roles, seed, folder);
    }

    /** Gives the daemon's wallet the datacap of all verified deals to come. */
    void verify() {
        JsonNode wallet = new LocalCalls(machine.methods("daemon")).call("Filecoin.WalletDefaultAddress");
        chain.devnet().call("Devnet.GrantDatacap", wallet.asText(), DATACAP);
        chain.plan();
    }

    /** Sentences about data that the miner took and should not have. */
    List<String> taken() {
        return couriers.taken();
    }

    void expect(List<Plan.Wish> wishes) {
        long begin = loop.now();
        wishes.forEach(wish -> loop.at(begin + wish.placed().toNanos(), () -> come(wish)));
    }

    /** The proposals that were made, by the number of their deal. */
    Map<Integer, String> proposals() {
        return proposals;
    }

    /** The number of the deal of that proposal; 0 for none of ours. */
    int number(String proposal) {
        return numbers.getOrDefault(proposal, 0);
    }

    /** Deals that the daemon refused to make. */
    int given() {
        return given;
    }

    /** Somebody wants a deal for nothing. */
    void bad(String occasion) {
        int number = -1 - bad;
        bad++;
        come(new Plan.Wish(number, Duration.ZERO, 1000, 3, Plan.shortest(MANY_DAYS), Plan.Terms.CHEAP));
    }

    /** Somebody at the daemon cancels a deal that moves its data, if one does. */
    void cancel(RandomGenerator random) {
        if (!roles.isUp("daemon")) {
            return;
        }
        loop.spawn(roles.life("daemon"), () -> {
            List<String[]> moving = Rows.of(machine.database("daemon"), "SELECT proposal_cid FROM deal WHERE state IN (16, 30, 17) ORDER BY proposal_cid");
            if (moving.isEmpty() || !machine.methods("daemon").names().contains(CANCEL)) {
                return;
            }
            String proposal = moving.get(random.nextInt(moving.size()))[0];
            try {
                new LocalCalls(machine.methods("daemon")).call(CANCEL, Map.of("/", proposal), "not wanted any more");
            } catch (RpcException e) {
                LOG.info("deal {} is not cancelled: {}", proposal, e.getMessage());
            }
        });
    }

    private void come(Plan.Wish wish) {
        if (proposals.containsKey(wish.number())) {
            return;
        }
        if (roles.isUp("daemon")) {
            loop.spawn(roles.life("daemon"), () -> place(wish));
        }
        loop.at(loop.now() + AGAIN.toNanos(), () -> come(wish));
    }

    private void place(Plan.Wish wish) {
        try {
            LocalCalls daemon = new LocalCalls(machine.methods("daemon"));
            JsonNode imported = daemon.call("Filecoin.ClientImport", Map.of("Path", payload(wish).toString(), "IsCAR", false));
            String root = imported.path("Root").path("/").asText();
            List<String[]> known = Rows.of(machine.database("daemon"), "SELECT proposal_cid FROM deal WHERE payload_cid = ?", root);
            if (!known.isEmpty()) { // the daemon was killed between storing the deal and saying so
                know(wish, known.get(0)[0]);
                return;
            }
            long start = starts.computeIfAbsent(wish.number(), n -> chain.epoch() + (long) (wish.start() * DAY_EPOCHS));
            if (start < chain.epoch() + wish.start() * DAY_EPOCHS / 2) {
                starts.remove(wish.number()); // the daemon was down for long: the customer wants a later start
                return;
            }
            JsonNode wallet = daemon.call("Filecoin.WalletDefaultAddress");
            Plan.Terms terms = wish.terms();
            Map<String, Object> deal = new HashMap<>();
            deal.put("Data", terms.isOffline() ? offline(daemon, wish, imported.path("Root"))
                    : Map.of("TransferType", "graphsync", "Root", imported.path("Root")));
            deal.put("Wallet", wallet.asText());
            deal.put("Miner", machine.minerAddress());
            deal.put("EpochPrice", terms.isCheap() ? "0" : PRICE);
            deal.put("MinBlocksDuration", wish.epochs());
            deal.put("DealStartEpoch", start);
            deal.put("FastRetrieval", terms.isFast());
            deal.put("VerifiedDeal", terms.isVerified());
            know(wish, daemon.call("Filecoin.ClientStartDeal", deal).path("/").asText());
        } catch (RpcException e) {
            LOG.info("deal {} is not taken now: {}", wish.number(), e.getMessage());
            given++;
        }
    }

    /** Makes the CAR that will be carried, and says what the deal is about. */
    private Map<String, Object> offline(LocalCalls daemon, Plan.Wish wish, JsonNode root) {
        daemon.call("Filecoin.ClientGenCar", Map.of("Path", payload(wish).toString(), "IsCAR", false), couriers.car(wish.number()).toString());
        JsonNode piece = daemon.call("Filecoin.ClientDealPieceCID", root);
        return Map.of("TransferType", "manual", "Root", root, "PieceCid", piece.path("PieceCID"),
                "PieceSize", piece.path("PieceSize").asLong() / PADDED * UNPADDED);
    }

    private void know(Plan.Wish wish, String proposal) {
        proposals.put(wish.number(), proposal);
        numbers.put(proposal, wish.number());
        if (wish.terms().isOffline()) {
            couriers.carry(wish.number(), proposal);
        }
    }

    private Path payload(Plan.Wish wish) {
        Path file = folder.resolve("payload-" + wish.number());
        try {
            if (!Files.exists(file)) {
                byte[] content = new byte[wish.bytes()];
                seed.random("payload " + wish.number()).nextBytes(content);
                Files.write(file, content);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
