package io.caravan.node.swap;

import io.caravan.camel.LiveContext;
import io.caravan.camel.RouteHalts;
import io.caravan.node.net.Finding;
import io.caravan.node.swap.Deployer.Deployed;
import io.caravan.node.swap.Deployer.Refusal;
import io.caravan.node.swap.Outline.RouteShape;
import io.caravan.node.swap.RouteRefusedException.Reason;
import io.caravan.store.RouteBook;
import io.caravan.store.RouteBook.Swap;
import io.caravan.store.RouteBook.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What people ask and say about the routes of a role, the same by terminal, JSON-RPC and page. */
public final class RouteDesk {

    private static final Logger LOG = LoggerFactory.getLogger(RouteDesk.class);
    private static final String CODE = "ROUTES";
    private static final String CHECK = "route files";

    private final Deployer deployer;
    private final Deployer.Tools tools;

    public RouteDesk(Deployer deployer, Deployer.Tools tools) {
        this.deployer = deployer;
        this.tools = tools;
    }

    /**
     * A file of routes.
     *
     * @param version what of it runs; 0 when nothing does
     * @param isShipped whether what runs is the program's own text
     * @param trouble why the text on disk does not run; null when it does
     */
    public record FileView(String file, int version, @Nullable Instant since, boolean isShipped, @Nullable String trouble,
            List<RouteView> routes) {}

    /**
     * A route that runs.
     *
     * @param from what it begins with
     * @param state Started, Stopped, Suspended; Astray when nothing of its file could be started and an earlier version serves on
     * @param started since when; null when it is not
     * @param stop since when it is stopped and by whose word, as far as that is known; null when it runs
     * @param underWay how many exchanges are in it
     */
    public record RouteView(String id, String group, String description, String from, int line, String state,
            @Nullable Instant started, RouteHalts.@Nullable Halt stop, int underWay) {}

    /** What two texts of a file differ in. */
    public record Difference(String file, String from, String to, String diff) {}

    /** Every file that runs or lies in the folder and is not taken. */
    public List<FileView> list() {
        Set<String> astray = deployer.astray();
        Map<String, Refusal> refused = new TreeMap<>();
        deployer.refusals().forEach(one -> refused.put(one.file(), one));
        Map<String, Deployed> files = new TreeMap<>(RouteFolder::errorsFirst);
        files.putAll(deployer.deployed());
        List<FileView> views = new ArrayList<>();
        files.forEach((name, file) -> {
            boolean isShipped = tools.folder().shipped(name).filter(file.text().file()::equals).isPresent();
            Refusal trouble = refused.remove(name);
            views.add(new FileView(name, file.version(), file.since(), isShipped, trouble == null ? null : trouble.sentence(),
                    file.text().outline().routes().stream().map(shape -> view(shape, astray.contains(name))).toList()));
        });
        refused.values().forEach(one -> views.add(new FileView(one.file(), 0, null, false, one.sentence(), List.of())));
        return views;
    }

    private RouteView view(RouteShape shape, boolean isAstray) {
        LiveContext context = tools.context();
        Route route = context.getRoute(shape.id());
        ServiceStatus status = context.getRouteController().getRouteStatus(shape.id());
        boolean isStarted = route != null && status != null && status.isStarted();
        return new RouteView(shape.id(), shape.group(), shape.description(), shape.from().uri(), shape.line(),
                route == null && isAstray ? "Astray" : status == null ? "Stopped" : status.name(),
                isStarted ? tools.clock().instant().minus(Duration.ofMillis(route.getUptimeMillis())) : null,
                context.halts().of(shape.id()).orElse(null),
                route == null ? 0 : context.getInflightRepository().size(shape.id()));
    }

    /**
     * Checks a text, or the file on disk.
     *
     * @param given a file's name, with or without folder of routes and end
     * @param text null for the one on disk
     * @return the ids of its routes
     * @throws RouteRefusedException with the code, the line and what is wrong
     */
    public List<String> check(String given, @Nullable String text) {
        String name = name(given);
        RouteFile file = text != null ? new RouteFile(name, text) : onDisk(name);
        return deployer.checked(file).outline().ids();
    }

    /**
     * What a version and the one that runs differ in; without a version, what the file on disk would change.
     *
     * @throws RouteRefusedException R18 when there is no such file or version
     */
    public Difference diff(String given, @Nullable Integer version) {
        String name = name(given);
        Deployed now = deployer.deployed().get(name);
        String running = now == null ? "" : now.text().file().text();
        String label = now == null ? "nothing" : "version " + now.version();
        if (version == null) {
            return new Difference(name, label, "the file", UnifiedDiff.of(name, running, tools.folder().read(name).map(RouteFile::text).orElse("")));
        }
        Version older = tools.book().version(name, version).orElseThrow(() -> noVersion(name, version));
        return new Difference(name, "version " + version, label, UnifiedDiff.of(name, older.text(), running));
    }

    /**
     * The text of a file that runs.
     *
     * @throws RouteRefusedException R18 when nothing of it runs
     */
    public String running(String name) {
        Deployed now = deployer.deployed().get(name);
        if (now == null) {
            throw new RouteRefusedException(Reason.NO_SUCH_VERSION, name, 0, "nothing of it runs");
        }
        return now.text().file().text();
    }

    /** The newest changes, the newest first; of one file unless null, older than one unless null. */
    public List<Swap> history(@Nullable String given, @Nullable Long before, int limit) {
        return tools.book().swaps(given == null ? null : anyName(given), before, limit);
    }

    /** The versions of a file, the newest first. */
    public List<Version> versions(String given) {
        return tools.book().versions(name(given));
    }

    /**
     * Goes back to an earlier version, in the file too.
     *
     * @param version null for the one that ran before
     * @return the version that runs now
     * @throws RouteRefusedException when it is not taken; nothing changed then
     */
    public int rollback(String given, @Nullable Integer version, String who) {
        return deployer.rollback(name(given), version, who).version();
    }

    /**
     * Starts a route that somebody stopped or suspended; one that runs already stays as it is.
     *
     * @return what it is now
     * @throws RouteRefusedException when there is no such route, or it does not start
     */
    public RouteView start(String id, String who) {
        for (FileView file : list()) {
            for (RouteView route : file.routes()) {
                if (route.id().equals(id)) {
                    start(file.file(), route, who);
                    return list().stream().flatMap(one -> one.routes().stream()).filter(one -> one.id().equals(id)).findFirst().orElse(route);
                }
            }
        }
        throw new RouteRefusedException(Reason.NO_SUCH_VERSION, id, 0, "no file that runs here has a route of that name; ./caravan routes list has all");
    }

    private void start(String file, RouteView route, String who) {
        if (route.stop() == null) {
            return;
        }
        try {
            if (route.stop().isSuspended()) {
                tools.context().getRouteController().resumeRoute(route.id());
            } else {
                tools.context().getRouteController().startRoute(route.id());
            }
            LOG.info("{} started the route {}", who, route.id());
        } catch (Exception e) {
            throw new RouteRefusedException(Reason.NOT_STARTED, file, route.line(), "the route " + route.id() + " does not start: " + CamelWords.sentence(e));
        }
    }

    /**
     * Why a state is not served at this node although the program has a route for it: the file that is to have one.
     *
     * @return empty when a route serves it, be it stopped, or none is to
     */
    public Optional<String> lacking(String state) {
        return deployer.serving(state).isPresent() ? Optional.empty() : tools.folder().shippedServing(tools.context(), state);
    }

    /** The route that serves a state; empty where none does. */
    public Optional<String> serving(String state) {
        return deployer.serving(state);
    }

    /** For health: whether what lies in the folder is what runs. */
    public List<Finding> findings() {
        List<Finding> wrong = Stream.concat(
                deployer.astray().stream().map(file -> Finding.fail(CODE, CHECK, file
                        + ": neither a new text nor the one before it starts; what still ran of it serves on, and it is tried again every few seconds",
                        "see in the log what keeps it from starting, mend that, or correct the file; ./caravan routes history " + file + " has its versions")),
                deployer.refusals().stream().map(one -> Finding.warn(CODE, CHECK, one.sentence() + ": what ran before runs", advice(one.file())))).toList();
        return wrong.isEmpty() ? List.of(Finding.ok(CODE, CHECK, "what runs is what the files say")) : wrong;
    }

    /** A rollback without a version would take away what runs too. */
    private String advice(String file) {
        Deployer.Deployed runs = deployer.deployed().get(file);
        return runs == null ? "correct the file, or take it away"
                : "correct the file, or put back what runs: ./caravan routes rollback " + file + " " + runs.version();
    }

    private RouteFile onDisk(String name) {
        return tools.folder().read(name).or(() -> tools.folder().isEditable() ? Optional.empty() : tools.folder().shipped(name))
                .orElseThrow(() -> new RouteRefusedException(Reason.NO_SUCH_VERSION, name, 0, "there is no such file in " + tools.folder().root()));
    }

    private String name(String given) {
        return tools.folder().nameOf(given).orElseThrow(() -> new RouteRefusedException(Reason.NO_SUCH_VERSION, given, 0,
                "it is no file of this role's routes; there are " + String.join(", ", deployer.deployed().keySet().stream().sorted(RouteFolder::errorsFirst).toList())));
    }

    /** A setting's file has a history too. */
    private String anyName(String given) {
        return tools.folder().nameOf(given).orElse(given);
    }

    private static RouteRefusedException noVersion(String name, int version) {
        return new RouteRefusedException(Reason.NO_SUCH_VERSION, name, 0, "there is no version " + version + " of it");
    }

    /** Files that hold a placeholder, for whoever asks what a setting is used by. */
    Stream<String> filesNaming(String key) {
        return deployer.deployed().entrySet().stream().filter(file -> file.getValue().text().file().text().contains("{{" + key + "}}"))
                .map(Map.Entry::getKey);
    }
}
