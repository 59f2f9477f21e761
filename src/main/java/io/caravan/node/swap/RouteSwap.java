package io.caravan.node.swap;

import io.caravan.camel.LiveContext;
import io.caravan.camel.LiveContext.HandOver;
import io.caravan.camel.LiveRoute;
import io.caravan.node.swap.RouteRefusedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts routes in the place of others in a context that runs. The new ones start beside the old ones where their kind allows
 * it, so a phase of hours holds nobody up; when a new one does not start, the old text is started again, and what ran
 * meanwhile was never stopped.
 */
final class RouteSwap {

    /** How long a route is waited for that has to come to its end first. */
    static final Duration PATIENCE = Duration.ofMillis(1500);

    /** How a refusal ends when there was no way back; as long as that is so. */
    static final String NOT_BACK = "; the version before did not start again either, it is tried every few seconds";

    private static final Logger LOG = LoggerFactory.getLogger(RouteSwap.class);

    private final LiveContext context;
    /** By file, what runs on although the context does not have it any more. */
    private final Map<String, List<LiveRoute>> astray = new TreeMap<>();

    RouteSwap(LiveContext context) {
        this.context = context;
    }

    /** A file with what it holds. */
    record Text(RouteFile file, Outline outline) {}

    /** Loads files into a context, the first time. */
    void load(List<Text> texts) throws Exception {
        for (Text text : texts) {
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(text.file().name(), text.file().text()));
        }
    }

    /**
     * A route that somebody stopped stays stopped in its next version.
     *
     * @param subject whose name a refusal carries
     * @param before what runs now, and runs again when the new texts do not start
     * @param after what is to run
     * @return the routes that stay stopped
     * @throws RouteRefusedException R16 when they do not start, R17 when something has to end first
     */
    SortedSet<String> replace(String subject, List<Text> before, List<Text> after) {
        SortedSet<String> halted = ids(before).filter(context.halts()::isBySomebody).collect(Collectors.toCollection(TreeSet::new));
        context.keepStopped(halted);
        try {
            List<LiveRoute> leaving = vacate(subject, before, after, halted);
            try {
                load(after);
            } catch (Exception e) {
                LOG.debug("{} does not start", subject, e);
                boolean isBack = undo(subject, after, before, leaving);
                throw new RouteRefusedException(Reason.NOT_STARTED, subject, 0, (isBack ? "it did not start, the version before runs: " : "it did not start: ")
                        + CamelWords.sentence(e) + (isBack ? "" : NOT_BACK));
            }
            retire(leaving);
            Stream.concat(before.stream(), after.stream()).forEach(text -> retire(found(text)));
        } finally {
            context.keepStopped(Set.of());
        }
        halted.retainAll(ids(after).toList());
        return halted;
    }

    /** The files of which the context has nothing: neither a new text nor the one before it started. */
    Set<String> astray() {
        return Set.copyOf(astray.keySet());
    }

    /** What went astray takes nothing new. */
    void letGo() {
        astray.values().forEach(this::retire);
        astray.clear();
    }

    /** What went astray of a file is in good order again. */
    private List<LiveRoute> found(Text text) {
        List<LiveRoute> routes = astray.remove(text.file().name());
        return routes == null ? List.of() : routes;
    }

    private static Stream<String> ids(List<Text> texts) {
        return texts.stream().flatMap(text -> text.outline().ids().stream());
    }

    /** Makes room: afterwards no route of those files is in the context, and what could, still runs. */
    private List<LiveRoute> vacate(String subject, List<Text> before, List<Text> after, Set<String> halted) {
        Set<String> answered = new HashSet<>();
        after.forEach(text -> answered.addAll(text.outline().answers()));
        List<String> ids = ids(before).filter(id -> context.getRoute(id) != null).toList();
        List<String> stopped = stopped(subject, ids, halted);
        List<LiveRoute> leaving = new ArrayList<>();
        try {
            for (String id : ids) {
                if (stopped.contains(id)) {
                    context.removeRoute(id);
                    context.forget(id);
                    continue;
                }
                boolean isPaused = context.handOver(id) == HandOver.PAUSED && !halted.contains(id);
                LiveRoute route = context.detach(id);
                leaving.add(route);
                if (isPaused && before.stream().flatMap(text -> text.outline().routes().stream()).filter(one -> one.id().equals(id))
                        .anyMatch(one -> one.from().after("direct").filter(answered::contains).isPresent())) {
                    route.pause();
                }
            }
            forgetConfigurations(before);
        } catch (Exception e) {
            undo(subject, List.of(), before, leaving);
            throw new RouteRefusedException(Reason.NOT_STARTED, subject, 0, "no room could be made for it: " + CamelWords.sentence(e));
        }
        return leaving;
    }

    private List<String> stopped(String subject, List<String> ids, Set<String> halted) {
        List<String> stopped = new ArrayList<>();
        for (String id : ids) {
            if (context.handOver(id) != HandOver.STOPPED) {
                continue;
            }
            try {
                boolean hasEnded = context.getRouteController().stopRoute(id, PATIENCE.toMillis(), TimeUnit.MILLISECONDS, true);
                if (!hasEnded) {
                    restart(stopped, halted);
                    throw new RouteRefusedException(Reason.BUSY, subject, 0, "the route " + id
                            + " is at work and has to end first; it is tried again");
                }
                stopped.add(id);
            } catch (RouteRefusedException e) {
                throw e;
            } catch (Exception e) {
                restart(stopped, halted);
                throw new RouteRefusedException(Reason.BUSY, subject, 0, "the route " + id + " does not stop: " + CamelWords.sentence(e));
            }
        }
        return stopped;
    }

    private void restart(List<String> ids, Set<String> halted) {
        for (String id : ids) {
            try {
                if (!halted.contains(id)) {
                    context.getRouteController().startRoute(id);
                }
            } catch (Exception e) {
                LOG.error("the route {} does not start again", id, e);
            }
        }
    }

    private void forgetConfigurations(List<Text> texts) throws Exception {
        for (Text text : texts) {
            for (Outline.Named one : text.outline().configurations()) {
                RouteConfigurationDefinition known = context.getRouteConfigurationDefinition(one.id());
                if (known != null) {
                    context.removeRouteConfiguration(known);
                }
            }
        }
    }

    /** Whether what ran before is in the context again. */
    private boolean undo(String subject, List<Text> failed, List<Text> before, List<LiveRoute> leaving) {
        try {
            for (String id : ids(failed).toList()) {
                takeBack(id);
            }
            forgetConfigurations(failed);
            clear(before);
            load(before);
            retire(leaving);
            return true;
        } catch (Exception e) {
            LOG.error("{} could not be loaded again as it was; what of it runs goes on", subject, e);
            goOn(before, leaving);
            return false;
        }
    }

    /** Nobody sees it in the lists, but what can still serve does, until a text of its file starts. */
    private void goOn(List<Text> before, List<LiveRoute> leaving) {
        try {
            clear(before);
        } catch (Exception e) {
            LOG.warn("what was begun of {} could not be taken out", ids(before).toList(), e);
        }
        for (Text text : before) {
            List<LiveRoute> left = astray.computeIfAbsent(text.file().name(), name -> new ArrayList<>());
            leaving.stream().filter(route -> text.outline().ids().contains(route.id())).forEach(left::add);
            left.forEach(LiveRoute::resume);
        }
    }

    private void clear(List<Text> texts) throws Exception {
        for (String id : ids(texts).toList()) {
            context.drop(id);
        }
        forgetConfigurations(texts);
    }

    /** A route that started before another one of its file failed has deals in hand already: it ends them. */
    private void takeBack(String id) throws Exception {
        if (context.getRoute(id) != null && context.handOver(id) == HandOver.BESIDE) {
            retire(List.of(context.detach(id)));
        } else {
            context.drop(id);
        }
    }

    private void retire(List<LiveRoute> leaving) {
        for (LiveRoute route : leaving) {
            try {
                context.retire(route);
            } catch (Exception e) {
                LOG.warn("{} goes on beside its next version", route.id(), e);
            }
        }
    }
}
