package io.caravan.node;

import io.caravan.camel.LiveContext;
import io.caravan.camel.RouteHalts;
import io.caravan.node.api.RouteStops;
import io.caravan.node.swap.RouteDesk;
import io.caravan.node.swap.RouteFile;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The phases of a role that wait for a person: their route was stopped or suspended, or its file is gone. Asked of Camel each time. */
final class StoppedRoutes implements RouteStops {

    private final String option;
    private volatile @Nullable Watched watched;

    private record Watched(LiveContext context, RouteDesk desk) {}

    /** @param role {@code daemon} or {@code miner} */
    StoppedRoutes(String role) {
        option = role.equals("daemon") ? " --daemon" : "";
    }

    /** From now on those of that context. */
    void watch(LiveContext context, RouteDesk desk) {
        watched = new Watched(context, desk);
    }

    @Override
    public Optional<Stop> of(String stateName) {
        Watched now = watched;
        if (now == null || !now.context().getStatus().isStarted()) {
            return Optional.empty();
        }
        if (now.context().getRoute(stateName) != null) { // all shipped phases are called as their state is
            return now.context().halts().of(stateName).map(this::stopped);
        }
        Optional<String> other = now.desk().serving(stateName);
        return other.isPresent() ? now.context().halts().of(other.get()).map(this::stopped) : now.desk().lacking(stateName).map(file -> gone(stateName, file));
    }

    private Stop stopped(RouteHalts.Halt halt) {
        String who = halt.who() == null ? "" : " by " + halt.who();
        return new Stop(halt.route(), null, "the route " + halt.route() + ", " + halt.word() + " on this node" + who + ", to be started again",
                "start it: ./caravan routes start " + halt.route() + option + ", or the page Routes, or Hawtio", halt.who(), halt.since());
    }

    private static Stop gone(String state, String file) {
        String name = file.substring(0, file.length() - RouteFile.END.length());
        return new Stop(null, file, "a route for " + state + ": " + file + " has none any more on this node",
                "put it back: ./caravan routes rollback " + name + "; ./caravan routes history " + name + " says who took it away", null, null);
    }
}
