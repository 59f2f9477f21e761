package io.caravan.node.config;

import io.caravan.node.config.Settings.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Merges settings, later sources over earlier ones: the files shipped in {@code config/} (they declare every key); where
 * no chain is named, {@code on-devnet.properties}; what an operator changed in the files beside the launcher;
 * {@code caravan.properties} in the home folder; environment variables ({@code CARAVAN_MINER_ACCEPT_DELAY} is
 * {@code miner.accept.delay}); then {@code --set key=value}. Keys that begin with {@code my.} are the operator's own, for
 * the placeholders of routes of his: no shipped file declares them, and {@code CARAVAN_MY_WEBHOOK_URL} is
 * {@code my.webhook.url}.
 */
public final class SettingsLoader {

    /** The shipped files, in the order a person should read them. */
    static final List<String> FILES =
            List.of("caravan.properties", "daemon.properties", "miner.properties", "sealing.properties", "devnet.properties");

    /** What is different while the chain is the home folder's own devnet. */
    static final String ON_DEVNET = "on-devnet.properties";

    private static final String CHAIN_URL = "chain.url";
    private static final String PREFIX = "CARAVAN_";
    private static final Pattern OWN = Pattern.compile("my(\\.[a-z0-9-]+)+");
    /** Variables that steer the launcher or the CLI and are not settings. */
    private static final List<String> NOT_SETTINGS = List.of("CARAVAN_HOME", "CARAVAN_JAVA_OPTS", "CARAVAN_CONFIG", "CARAVAN_KEYSTORE_PASSPHRASE");

    private final Map<String, Value> shipped = new TreeMap<>();
    private final Map<String, Value> given = new TreeMap<>();
    private final Map<String, String> environmentNames = new LinkedHashMap<>();

    /** What was asked of this loader, to ask it again. */
    private final List<Consumer<SettingsLoader>> steps = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private Consumer<ConfigException> wrong = problem -> {
        throw problem;
    };

    /** Starts from the shipped defaults on the class path. */
    public SettingsLoader() {
        for (String file : FILES) {
            shipped(file).forEach((key, text) -> {
                if (shipped.put(key, new Value(text, "config/" + file)) != null) {
                    throw new ConfigException(key + " is declared twice in config/");
                }
                environmentNames.put(environmentName(key), key);
            });
        }
    }

    /** From now on what cannot be used is told to somebody and left out, so that all of it is found at once. */
    public SettingsLoader telling(Consumer<ConfigException> listener) {
        wrong = listener;
        return this;
    }

    /** Adds what differs from the shipped values in a folder's copies of the shipped files; missing files are fine. */
    public SettingsLoader folder(Path folder) {
        steps.add(again -> again.folder(folder));
        FILES.forEach(file -> files.add(folder.resolve(file)));
        for (String file : FILES) {
            Map<String, String> edited = read(folder.resolve(file));
            edited.entrySet().removeIf(entry -> shipped.containsKey(entry.getKey())
                    && shipped.get(entry.getKey()).text().equals(entry.getValue()));
            putAll(edited, folder.resolve(file).toString());
        }
        return this;
    }

    /** Adds one properties file if it exists. */
    public SettingsLoader file(Path file) {
        steps.add(again -> again.file(file));
        files.add(file);
        putAll(read(file), file.toString());
        return this;
    }

    /** Adds every {@code CARAVAN_…} variable; one that names no setting is refused, as a wrong key in a file is. */
    public SettingsLoader environment(Map<String, String> environment) {
        steps.add(again -> again.environment(environment));
        environment.forEach((name, text) -> {
            if (name.startsWith(PREFIX) && !NOT_SETTINGS.contains(name)) {
                String key = name.startsWith(PREFIX + "MY_") ? ownKey(name) : environmentNames.get(name);
                if (key == null) {
                    wrong.accept(unknown(name, "the environment", environmentNames.keySet()));
                    return;
                }
                given.put(key, new Value(text, "environment " + name));
            }
        });
        return this;
    }

    /** Adds settings given on the command line or by the program itself. */
    public SettingsLoader overrides(Map<String, String> overrides, String origin) {
        steps.add(again -> again.overrides(overrides, origin));
        putAll(overrides, origin);
        return this;
    }

    /** The merged settings. */
    public Settings load() {
        Map<String, Value> values = new TreeMap<>(shipped);
        if (given.getOrDefault(CHAIN_URL, shipped.get(CHAIN_URL)).text().isBlank()) {
            shipped(ON_DEVNET).forEach((key, text) -> {
                if (values.replace(key, new Value(text, "config/" + ON_DEVNET)) == null) {
                    throw unknown(key, "config/" + ON_DEVNET, shipped.keySet());
                }
            });
        }
        values.putAll(given);
        return new Settings(values, new Settings.Source(List.copyOf(files), this::again));
    }

    /** The same sources, read once more. */
    private Settings again() {
        SettingsLoader again = new SettingsLoader();
        steps.forEach(step -> step.accept(again));
        return again.load();
    }

    private void putAll(Map<String, String> source, String origin) {
        source.forEach((key, text) -> {
            if (!shipped.containsKey(key) && !OWN.matcher(key).matches()) {
                wrong.accept(unknown(key, origin, shipped.keySet()));
                return;
            }
            given.put(key, new Value(text, origin));
        });
    }

    private static ConfigException unknown(String key, String origin, Iterable<String> known) {
        return new ConfigException("%s in %s is not a known setting; the nearest is %s"
                .formatted(key, origin, Nearest.to(key, known)));
    }

    private static Map<String, String> shipped(String file) {
        try (InputStream in = SettingsLoader.class.getResourceAsStream("/config/" + file)) {
            if (in == null) {
                throw new ConfigException("config/" + file + " is missing from the program: build it again");
            }
            return read(new InputStreamReader(in, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new ConfigException("cannot read config/" + file + ": " + e.getMessage());
        }
    }

    private static Map<String, String> read(Path file) {
        if (!Files.isRegularFile(file)) {
            return new TreeMap<>();
        }
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return read(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw new ConfigException("cannot read " + file + ": " + e.getMessage());
        }
    }

    private static Map<String, String> read(Reader reader) throws IOException {
        Properties properties = new Properties();
        properties.load(reader);
        Map<String, String> out = new TreeMap<>();
        properties.forEach((key, text) -> out.put((String) key, (String) text));
        return out;
    }

    private static String ownKey(String name) {
        return name.substring(PREFIX.length()).replace('_', '.').toLowerCase(Locale.ROOT);
    }

    private static String environmentName(String key) {
        return PREFIX + key.replaceFirst("^caravan\\.", "").replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
    }
}
