package io.caravan.node.swap;

import io.caravan.camel.LiveContext;
import io.caravan.camel.LiveContext.HandOver;
import io.caravan.camel.LiveRoute;
import io.caravan.node.swap.RouteRefusedException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

    private static final Logger LOG = LoggerFactory.getLogger(RouteSwap.class);

    private final LiveContext context;

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
     * @param subject whose name a refusal carries
     * @param before what runs now, and runs again when the new texts do not start
     * @param after what is to run
     * @throws RouteRefusedException R16 when they do not start, R17 when something has to end first
     */
    void replace(String subject, List<Text> before, List<Text> after) {
        List<LiveRoute> leaving = vacate(subject, before, after);
        try {
            load(after);
        } catch (Exception e) {
            LOG.debug("{} does not start", subject, e);
            undo(subject, after, before, leaving);
            throw new RouteRefusedException(Reason.NOT_STARTED, subject, 0, "it did not start, the version before runs: "
                    + CamelWords.sentence(e));
        }
        retire(leaving);
    }

    /** Makes room: afterwards no route of those files is in the context, and what could, still runs. */
    private List<LiveRoute> vacate(String subject, List<Text> before, List<Text> after) {
        Set<String> answered = new HashSet<>();
        after.forEach(text -> answered.addAll(text.outline().answers()));
        List<String> ids = before.stream().flatMap(text -> text.outline().ids().stream()).filter(id -> context.getRoute(id) != null).toList();
        List<String> stopped = stopped(subject, ids);
        List<LiveRoute> leaving = new ArrayList<>();
        try {
            for (String id : ids) {
                if (stopped.contains(id)) {
                    context.removeRoute(id);
                    context.forget(id);
                    continue;
                }
                boolean isPaused = context.handOver(id) == HandOver.PAUSED;
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

    private List<String> stopped(String subject, List<String> ids) {
        List<String> stopped = new ArrayList<>();
        for (String id : ids) {
            if (context.handOver(id) != HandOver.STOPPED) {
                continue;
            }
            try {
                boolean hasEnded = context.getRouteController().stopRoute(id, PATIENCE.toMillis(), TimeUnit.MILLISECONDS, true);
                if (!hasEnded) {
                    restart(stopped);
                    throw new RouteRefusedException(Reason.BUSY, subject, 0, "the route " + id
                            + " is at work and has to end first; it is tried again");
                }
                stopped.add(id);
            } catch (RouteRefusedException e) {
                throw e;
            } catch (Exception e) {
                restart(stopped);
                throw new RouteRefusedException(Reason.BUSY, subject, 0, "the route " + id + " does not stop: " + CamelWords.sentence(e));
            }
        }
        return stopped;
    }

    private void restart(List<String> ids) {
        for (String id : ids) {
            try {
                context.getRouteController().startRoute(id);
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

    private void undo(String subject, List<Text> failed, List<Text> before, List<LiveRoute> leaving) {
        try {
            for (Text text : failed) {
                for (String id : text.outline().ids()) {
                    takeBack(id);
                }
            }
            forgetConfigurations(failed);
            for (Text text : before) {
                for (String id : text.outline().ids()) {
                    context.drop(id);
                }
            }
            forgetConfigurations(before);
            load(before);
            retire(leaving);
        } catch (Exception e) {
            // What was taken out of the context still runs; only nobody sees it in the lists until the next change of the file.
            LOG.error("{} could not be loaded again as it was; what of it runs goes on", subject, e);
            leaving.forEach(LiveRoute::resume);
        }
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
