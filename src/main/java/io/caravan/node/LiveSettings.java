package io.caravan.node;

import io.caravan.node.config.Settings;
import io.caravan.node.swap.SettingsWatch;
import java.util.function.Consumer;

/** Which parts of a role take new values of settings while it runs; {@code swap.LiveKeys} says of which keys. */
final class LiveSettings {

    private LiveSettings() {}

    /** @param acceptance takes {@code miner.accept.*} */
    static SettingsWatch of(RoleCore core, Consumer<Settings> acceptance) {
        SettingsWatch watch = new SettingsWatch(core.settings(), core.routeBook(), SettingsCheck::of);
        watch.takes((core.role() + ".funds.top-up-ceiling")::equals, now -> core.funds().useCeiling(RoleCore.ceiling(now, core.role())));
        watch.takes(key -> key.contains(".fee.") || key.startsWith("miner.publish."), now -> core.lane().use(RoleCore.fees(now)));
        watch.takes(key -> key.startsWith("miner.accept."), acceptance);
        return watch;
    }
}
