package io.caravan.camel;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.EndpointAware;
import org.apache.camel.Navigate;
import org.apache.camel.Processor;

/** The endpoints that the steps of a built route send to, those inside its filters and choices too. */
final class RouteSteps {

    private RouteSteps() {}

    static List<Endpoint> endpoints(Processor route) {
        var found = new ArrayList<Endpoint>();
        visit(route, found, Collections.newSetFromMap(new IdentityHashMap<>()));
        return found;
    }

    private static void visit(Object step, List<Endpoint> found, Set<Object> seen) {
        if (step == null || !seen.add(step)) {
            return;
        }
        if (step instanceof EndpointAware sender && sender.getEndpoint() != null) {
            found.add(sender.getEndpoint());
        }
        if (step instanceof Navigate<?> parent && parent.hasNext()) {
            for (Object child : (List<?>) parent.next()) {
                if (child instanceof Processor) {
                    visit(child, found, seen);
                }
            }
        }
    }
}
