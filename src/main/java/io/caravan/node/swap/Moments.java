package io.caravan.node.swap;

import io.caravan.camel.LiveContext;
import io.caravan.node.swap.Outline.RouteShape;
import io.caravan.store.RouteBook;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.component.quartz.QuartzEndpoint;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.TriggerKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The moments that the clock keeps for routes. Camel takes none out of a store that nodes share, so those of a route that is
 * gone would go on ringing at whatever node is next in turn. They go when no other node's book has a route of theirs; a node that
 * has one and is down counts too, for it would not put back what it believes to be there.
 */
final class Moments {

    private static final Logger LOG = LoggerFactory.getLogger(Moments.class);
    private static final String SCHEME = "quartz";

    private final LiveContext context;
    private final RouteBook book;

    Moments(LiveContext context, RouteBook book) {
        this.context = context;
        this.book = book;
    }

    /**
     * Takes the moments out that nobody needs any more.
     *
     * @param before what a file had
     * @param now what runs at this node
     * @return what became of them, for the change's row; null where there are none
     */
    @Nullable String release(Outline before, Collection<Outline> now) {
        Set<String> gone = names(before).collect(Collectors.toCollection(TreeSet::new));
        now.forEach(outline -> names(outline).forEach(gone::remove));
        if (gone.isEmpty() || !(context.getRegistry().lookupByName(SCHEME) instanceof QuartzComponent)) {
            return null;
        }
        Scheduler clock = context.getComponent(SCHEME, QuartzComponent.class).getScheduler();
        List<String> said = new ArrayList<>();
        for (String name : gone) {
            Set<String> others = others(name);
            String route = name.substring(name.indexOf('/') + 1);
            said.add(others.isEmpty() ? released(clock, name, route)
                    : "the clock goes on ringing for " + route + ", which runs at " + String.join(", ", others) + " too");
        }
        return String.join("; ", said);
    }

    private String released(Scheduler scheduler, String name, String route) {
        try {
            scheduler.unscheduleJob(TriggerKey.triggerKey(route, name.substring(0, name.indexOf('/'))));
            forgetEndpoint(name);
            return "the clock rings for " + route + " no more";
        } catch (Exception e) {
            LOG.warn("the clock goes on ringing for {}", name, e);
            return "the clock goes on ringing for " + route + ", as it could not be told: " + e.getMessage();
        }
    }

    /** An endpoint that has told the clock once does not tell it again: a route that comes back needs another one. */
    private void forgetEndpoint(String name) throws Exception {
        for (Endpoint endpoint : List.copyOf(context.getEndpoints())) {
            if (endpoint instanceof QuartzEndpoint one && name.equals(one.getGroupName() + "/" + one.getTriggerName())) {
                context.removeEndpoint(one);
            }
        }
    }

    /** The other nodes by whose book a route of these moments runs there, or ran last. */
    private Set<String> others(String name) {
        return book.others().stream().filter(other -> names(OutlineReader.read(new RouteFile(other.file(), other.text()))).anyMatch(name::equals))
                .map(RouteBook.Elsewhere::node).collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@code group/name} of each; moments without a group belong to one context alone. */
    private static Stream<String> names(Outline outline) {
        return outline.routes().stream().map(RouteShape::from).map(from -> from.after(SCHEME)).flatMap(Optional::stream)
                .filter(name -> name.matches("[^/]+/[^/]+"));
    }
}
