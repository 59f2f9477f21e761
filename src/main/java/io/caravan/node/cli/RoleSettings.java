package io.caravan.node.cli;

import io.caravan.node.config.ConfigException;
import io.caravan.node.config.Settings;
import io.caravan.node.config.SettingsLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;

/** Where the roles' settings come from when they are started from a terminal. */
public final class RoleSettings {

    private RoleSettings() {}

    /** The shipped files, the checkout's and the home folder's copies, the environment and {@code --set}, in this order. */
    public static Settings load(Path home, Map<String, String> overrides) {
        return load(new SettingsLoader(), home, overrides);
    }

    /** The same, told of everything that cannot be used instead of ending at the first. */
    static Settings load(Path home, Map<String, String> overrides, Consumer<ConfigException> wrong) {
        return load(new SettingsLoader().telling(wrong), home, overrides);
    }

    private static Settings load(SettingsLoader loader, Path home, Map<String, String> overrides) {
        String checkout = System.getProperty("caravan.dir", "");
        if (!checkout.isEmpty()) {
            loader.folder(Path.of(checkout, "config"));
        }
        return loader.file(home.resolve("caravan.properties")).environment(System.getenv())
                .overrides(overrides, "--set").load();
    }
}
