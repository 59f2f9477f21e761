package io.caravan.node.swap;

import io.caravan.node.swap.RouteRefusedException.Reason;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * Builds routes on paper: in a context of its own that never starts, with the beans that run and twins of the components. What
 * Camel refuses to read or to build is found here, while what runs is not touched. That context is not closed either, as it
 * has nothing open.
 */
final class PaperRun {

    private final RouteCheck.Beans beans;
    private final Map<String, String> placeholders;

    PaperRun(RouteCheck.Beans beans, Map<String, String> placeholders) {
        this.beans = beans;
        this.placeholders = placeholders;
    }

    /**
     * @param candidate whose name a refusal carries
     * @param beside files that hold what it needs, or that need what it holds
     * @throws RouteRefusedException R3, R6, R7 or R15
     */
    void build(RouteFile candidate, Outline outline, List<RouteFile> beside) {
        DefaultCamelContext paper = context();
        try {
            for (RouteFile file : beside) {
                load(paper, file);
            }
            load(paper, candidate);
        } catch (Exception e) {
            throw new RouteRefusedException(CamelWords.reason(e, Reason.NOT_A_ROUTE), candidate.name(), YamlLine.of(e), CamelWords.sentence(e));
        }
        for (RouteDefinition route : paper.getRouteDefinitions()) {
            try {
                paper.getModelReifierFactory().createRoute(paper, route);
            } catch (Exception e) {
                throw new RouteRefusedException(CamelWords.reason(e, Reason.NOT_BUILT), candidate.name(), line(outline, route.getId(), CamelWords.uri(e)),
                        "the route " + route.getId() + " cannot be built: " + CamelWords.sentence(e));
            }
        }
    }

    /** Where the step that an address belongs to stands, else the route, else the file. */
    private static int line(Outline outline, String routeId, String uri) {
        return outline.routes().stream().filter(route -> route.id().equals(routeId)).findFirst()
                .map(route -> route.all().filter(step -> !uri.isEmpty() && step.uri().split("\\?")[0].replaceFirst(":/{0,2}", ":").equals(uri))
                        .map(Outline.Step::line).findFirst().orElse(route.line())).orElse(0);
    }

    private static void load(DefaultCamelContext paper, RouteFile file) throws Exception {
        PluginHelper.getRoutesLoader(paper).loadRoutes(ResourceHelper.fromString(file.name(), file.text()));
    }

    private DefaultCamelContext context() {
        DefaultCamelContext paper = new DefaultCamelContext(new DefaultRegistry(beans.repository()));
        paper.disableJMX();
        paper.setSourceLocationEnabled(true);
        paper.setLoadHealthChecks(false);
        Properties known = new Properties();
        known.putAll(placeholders);
        paper.getPropertiesComponent().setInitialProperties(known);
        beans.components().forEach(paper::addComponent);
        return paper;
    }
}
