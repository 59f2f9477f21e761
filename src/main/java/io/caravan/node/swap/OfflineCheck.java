package io.caravan.node.swap;

import io.caravan.model.Role;
import io.caravan.node.config.Settings;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;

/** Checks a file of routes where no role runs: against the files beside it, the settings, and the program's own classes. */
public final class OfflineCheck {

    private OfflineCheck() {}

    /**
     * @param root the folder of routes
     * @param isDaemon for the daemon, else for the miner
     * @param given the file's name, with or without folder of routes and end
     * @return the ids of its routes
     * @throws RouteRefusedException with the code, the line and what is wrong
     */
    public static List<String> check(Path root, boolean isDaemon, Settings settings, String given, String text) {
        RouteFolder folder = new RouteFolder(root, isDaemon ? List.of("daemon") : List.of("miner", "sealing"), name -> false);
        String name = folder.nameOf(given).orElseThrow(() -> new RouteRefusedException(RouteRefusedException.Reason.NO_SUCH_VERSION, given, 0,
                "it is no file of the " + (isDaemon ? "daemon" : "miner") + "'s routes in " + root));
        Role role = isDaemon ? Role.CLIENT : Role.PROVIDER;
        Map<String, RouteFile> files = folder.read(new DefaultCamelContext());
        Map<String, Outline> outlines = new HashMap<>();
        Set<String> beans = new HashSet<>();
        files.forEach((other, file) -> {
            if (!other.equals(name)) {
                outline(file).ifPresent(outline -> {
                    outlines.put(other, outline);
                    outline.routes().forEach(route -> route.steps().forEach(step -> step.after("bean").ifPresent(beans::add)));
                });
            }
        });
        RouteCheck check = new RouteCheck(role, new NamedBeans(role, beans, Clock.systemUTC()), settings::placeholders);
        return check.check(new RouteFile(name, text), outlines, files::get).outline().ids();
    }

    /** Of a file beside it; one that is broken says so when it is checked itself. */
    private static Optional<Outline> outline(RouteFile file) {
        try {
            return Optional.of(OutlineReader.read(file));
        } catch (RouteRefusedException e) {
            return Optional.empty();
        }
    }
}
