package io.caravan.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.NodeHome;
import io.caravan.node.cli.CliException;
import io.caravan.node.cli.DealVerb;
import io.caravan.node.cli.RunningRole;
import io.caravan.rpc.ApiInfo;
import io.caravan.scenario.Link;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.PostgresServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/**
 * A home folder on fixed free ports with the real processes that run on it, and what a client does with them. Nothing
 * outlives {@link #close}: neither a process nor the database server.
 */
public final class CaravanHome implements AutoCloseable {

    private static final long DURATION = 518_400;
    private static final long START_AHEAD = 23_040;
    private static final int LOG_TAIL = 12_000;

    private final NodeHome home;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, CaravanProcess> processes = new LinkedHashMap<>();
    private final Map<String, RunningRole> connections = new LinkedHashMap<>();
    private final ObjectMapper json = new ObjectMapper();
    /** Whoever breaks off the tests does not leave processes behind. */
    private final Thread atExit = new Thread(this::end, "caravan-end");
    private PostgresServer postgres;
    private Link chain;
    private boolean isChainLinked;
    private int files;

    /** @param root a folder that is not there yet, in one that is removed later */
    public CaravanHome(Path root, Map<String, String> more) {
        try {
            home = new NodeHome(Files.createDirectories(root));
            List<String> keys = List.of("devnet.port", "daemon.port", "miner.port", "miner.libp2p.port", "caravan.db.port");
            for (String key : keys) {
                settings.put(key, Integer.toString(FreePort.take()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        settings.putAll(more);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** Miner and daemon reach the devnet over a link, which {@link #chain} is. */
    public CaravanHome linked() {
        isChainLinked = true;
        return this;
    }

    /** The wire between the roles and the devnet. */
    public Link chain() {
        return chain;
    }

    public NodeHome home() {
        return home;
    }

    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    /** Starts processes one after the other, each when the one before answers. */
    public void start(String... verbs) {
        for (String verb : verbs) {
            launch(verb).awaitReady();
            if (verb.equals("devnet") && isChainLinked) {
                link();
            }
        }
    }

    /** Puts a wire between: the file by which roles find the devnet names its near end. */
    private void link() {
        Path folder = home.of("devnet");
        if (chain == null) {
            chain = Link.to("chain", Integer.parseInt(settings.get("devnet.port")));
        }
        ApiInfo.write(folder, chain.address(), ApiInfo.read(folder, 1).token());
    }

    /** Starts a process and returns at once. */
    public CaravanProcess launch(String verb) {
        CaravanProcess process = CaravanProcess.start(verb, home, settings);
        processes.put(verb, process);
        return process;
    }

    /** kill -9. */
    public void kill(String verb) {
        process(verb).kill();
        disconnect(process(verb).roles());
    }

    public CaravanProcess process(String verb) {
        return processes.get(verb);
    }

    /** The database of a role; asking makes this fixture a user of the server, as a process would be. */
    public DatabaseAddress database(String role) {
        return postgres().database("caravan_" + role);
    }

    /** The process id of the home folder's PostgreSQL. */
    public long postgresPid() {
        try {
            return Long.parseLong(Files.readAllLines(home.root().resolve("pg/data/postmaster.pid")).get(0).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PostgresServer postgres() {
        if (postgres == null) {
            postgres = PostgresServer.start(home.root().resolve("pg"), Integer.parseInt(settings.get("caravan.db.port")));
        }
        return postgres;
    }

    /** One call to a role. */
    public JsonNode call(String role, String method, Object... params) {
        return connection(role).call(method, params);
    }

    private RunningRole connection(String role) {
        synchronized (connections) {
            return connections.computeIfAbsent(role, name -> RunningRole.of(home, name));
        }
    }

    /** What was connected to a process that is gone does not come back. */
    private void disconnect(List<String> roles) {
        synchronized (connections) {
            for (String role : roles) {
                RunningRole gone = connections.remove(role);
                if (gone != null) {
                    gone.close();
                }
            }
        }
    }

    /** The chain's height. */
    public long height() {
        return call("devnet", "ChainHead").path("Height").asLong();
    }

    /** The number of the newest entry of a role's log; 0 before the first. */
    public long lastEvent(String role) {
        long last = 0;
        JsonNode page;
        do {
            page = call(role, "Caravan.Events", last, 1000);
            last = page.isEmpty() ? last : page.get(page.size() - 1).path("id").asLong();
        } while (page.size() == 1000);
        return last;
    }

    /** Where a deal is at a role: a state's name, or nothing when the role has no such deal or does not answer. */
    public String state(String role, String proposal) {
        try {
            return call(role, "Caravan.Deal", Map.of("/", proposal)).path("stateName").asText();
        } catch (CliException e) {
            return "";
        }
    }

    /** Everything a role tells of a deal, for a failure's message. */
    public String story(String role, String proposal) {
        try {
            return call(role, "Caravan.Deal", Map.of("/", proposal)).toPrettyString();
        } catch (CliException e) {
            return role + ": " + e.getMessage();
        }
    }

    /** A new file that no deal has had. */
    public Path file(int bytes) {
        byte[] content = new byte[bytes];
        new Random(++files).nextBytes(content);
        try {
            return Files.write(home.root().resolveSibling("file-" + files + ".bin"), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Imports the file; returns its root. */
    public JsonNode imported(Path file) {
        return call("daemon", "ClientImport", Map.of("Path", file.toString(), "IsCAR", false)).get("Root");
    }

    /** Starts a deal at what the miner asks; returns the proposal CID. */
    public String deal(JsonNode root) {
        return deal(root, null);
    }

    /** The same for nothing, which a miner who asks for money refuses. */
    public String dealForNothing(JsonNode root) {
        return deal(root, BigInteger.ZERO);
    }

    private String deal(JsonNode root, BigInteger offered) {
        String miner = call("miner", "ActorAddress").asText();
        String peer = call("daemon", "StateMinerInfo", miner, null).path("PeerId").asText();
        BigInteger ask = new BigInteger(call("daemon", "ClientQueryAsk", peer, miner).path("Response").path("Price").asText());
        long size = call("daemon", "ClientDealSize", root).path("PieceSize").asLong();
        ObjectNode params = json.createObjectNode();
        params.putObject("Data").put("TransferType", "graphsync").putNull("PieceCid").put("PieceSize", 0).set("Root", root);
        params.put("Wallet", call("daemon", "WalletDefaultAddress").asText()).put("Miner", miner)
                .put("EpochPrice", (offered == null ? DealVerb.pricePerEpoch(ask, size) : offered).toString()).put("MinBlocksDuration", DURATION)
                .put("ProviderCollateral", "0").put("DealStartEpoch", height() + START_AHEAD).put("FastRetrieval", true).put("VerifiedDeal", false);
        return call("daemon", "ClientStartDeal", params).path("/").asText();
    }

    /** What every process printed last and logged. */
    public String output() {
        StringBuilder all = new StringBuilder();
        processes.values().forEach(process -> all.append("---- ").append(process.verb()).append('\n').append(process.tail()));
        try (Stream<Path> logs = Files.list(home.root().resolve("log"))) {
            for (Path file : logs.toList()) {
                String log = Files.readString(file);
                all.append("---- ").append(file.getFileName()).append('\n').append(log.substring(Math.max(0, log.length() - LOG_TAIL)));
            }
            return all.toString();
        } catch (IOException e) {
            return all.append(e).toString();
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        end();
    }

    private synchronized void end() {
        disconnect(List.of("devnet", "miner", "daemon"));
        processes.values().forEach(CaravanProcess::close);
        processes.values().forEach(CaravanProcess::awaitEnd);
        if (Files.exists(home.root().resolve("pg/complete"))) {
            postgres().close();
        }
        if (chain != null) {
            chain.close();
        }
    }
}
