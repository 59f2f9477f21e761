package io.caravan.node;

import io.caravan.crypto.CryptoException;
import io.caravan.node.config.ConfigException;
import io.caravan.node.config.Settings;
import io.caravan.node.config.SettingsLoader;
import io.caravan.node.swap.OfflineCheck;
import io.caravan.node.swap.RouteFolder;
import io.caravan.node.swap.RouteRefusedException;
import io.caravan.rpc.RpcClient;
import io.caravan.store.Database;
import io.caravan.store.Schema;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Everything that is wrong with settings, all at once, as the roles would read them; starts nothing and changes nothing. */
public final class ConfigCheck {

    private static final int MOST = 200;

    private final NodeHome home;
    private final Settings settings;
    private final List<String> roles;
    private final List<String> problems = new ArrayList<>();

    /** @param roles those that are to run here */
    public ConfigCheck(NodeHome home, Settings settings, List<String> roles) {
        this.home = home;
        this.settings = settings;
        this.roles = roles;
    }

    /**
     * What is wrong, a sentence each.
     *
     * @param live whether database and chain are tried too
     */
    public List<String> problems(boolean live) {
        values();
        ports();
        folders();
        keystores();
        if (live) {
            database();
            chain();
        }
        return List.copyOf(problems);
    }

    /** One wrong value after the other is put aside, so that those behind it are found too. */
    private void values() {
        Settings shipped = new SettingsLoader().load();
        @Nullable Settings rest = settings;
        for (int i = 0; i < MOST && rest != null; i++) {
            try {
                SettingsCheck.of(rest);
                return;
            } catch (ConfigException e) {
                problems.add(e.getMessage());
                rest = e.key().isEmpty() ? null : rest.withKeyOf(e.key(), shipped);
            }
        }
    }

    private void ports() {
        Map<String, String> taken = new HashMap<>();
        List<String> keys = new ArrayList<>();
        for (String role : roles) {
            keys.add(role + ".port");
            if (!role.equals("devnet")) {
                keys.add(role + ".libp2p.port");
            }
        }
        for (String key : keys) {
            String port = settings.optional(key).orElse("0");
            String other = port.equals("0") ? null : taken.putIfAbsent(port, key);
            if (other != null) {
                problems.add("%s and %s are both %s: give one of them another port".formatted(other, key, port));
            }
        }
    }

    private void folders() {
        writable("the home folder", home.root());
        if (roles.contains("miner")) {
            settings.optional("sealing.folder").ifPresent(folder -> writable("sealing.folder", Path.of(folder)));
            room();
        }
    }

    private void writable(String what, Path folder) {
        Path there = existing(folder);
        if (!Files.isDirectory(there) || !Files.isWritable(there)) {
            problems.add("%s %s cannot be written: %s belongs to somebody else, or is no folder".formatted(what, folder, there));
        }
    }

    private void room() {
        try {
            Path there = existing(home.root());
            long free = Files.getFileStore(there).getUsableSpace();
            long reserve = settings.bytes("miner.accept.disk-reserve");
            if (free <= reserve) {
                problems.add("the disk of %s has %,d bytes free, miner.accept.disk-reserve keeps %,d: the miner would refuse every deal. Make room, or lower it"
                        .formatted(there, free, reserve));
            }
        } catch (IOException e) {
            problems.add("the disk of " + home.root() + " does not say how much is free: " + e.getMessage());
        } catch (ConfigException e) {
            return; // said already, among the values
        }
    }

    private static Path existing(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private void keystores() {
        for (String role : roles) {
            if (!role.equals("devnet") && Files.isDirectory(home.of(role).resolve("keystore"))) {
                try {
                    Keystores.unlocked(home, role, settings);
                } catch (ConfigException | CryptoException e) {
                    problems.add(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** Every file of routes that the roles would follow, checked as a swap would be; some seconds. */
    public List<String> routes() {
        Path root = RouteFolder.rootOf(settings);
        if (settings.optional("caravan.routes.folder").isPresent() && !Files.isDirectory(root)) {
            return List.of("caravan.routes.folder = %s is no folder: the program's own routes would run. Make it, or leave the key empty".formatted(root));
        }
        List<String> wrong = new ArrayList<>();
        for (String folder : List.of("daemon", "miner", "sealing")) {
            boolean isDaemon = folder.equals("daemon");
            if (!roles.contains(isDaemon ? "daemon" : "miner") || !Files.isDirectory(root.resolve(folder))) {
                continue;
            }
            try (Stream<Path> files = Files.list(root.resolve(folder))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".camel.yaml")).sorted().toList()) {
                    refusal(root, isDaemon, folder + "/" + file.getFileName(), Files.readString(file)).ifPresent(wrong::add);
                }
            } catch (IOException e) {
                wrong.add("the routes in " + root.resolve(folder) + " cannot be read: " + e.getMessage());
            }
        }
        return wrong;
    }

    private Optional<String> refusal(Path root, boolean isDaemon, String name, String text) {
        try {
            OfflineCheck.check(root, isDaemon, settings, name, text);
            return Optional.empty();
        } catch (RouteRefusedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** A server of one's own is tried; the embedded one starts with the role. */
    private void database() {
        if (settings.optional("caravan.db.url").isEmpty()) {
            return;
        }
        try (RoleDatabases databases = new RoleDatabases(home, settings)) {
            for (String role : roles) {
                try (Database database = databases.bare(role)) {
                    Schema.Standing standing = Schema.ofRoles().standing(database.dataSource());
                    if (!role.equals("devnet") && standing.isNewer()) {
                        problems.add(Schema.refusal(standing));
                    }
                }
            }
        } catch (RuntimeException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }

    private void chain() {
        settings.optional("chain.url").ifPresent(url -> {
            try (RpcClient client = new RpcClient(URI.create(url), settings.optional("chain.token").orElse(null))) {
                client.call("Filecoin.ChainHead");
            } catch (RuntimeException e) {
                problems.add("chain.url = %s does not answer: %s".formatted(url, e.getMessage()));
            }
        });
    }
}
