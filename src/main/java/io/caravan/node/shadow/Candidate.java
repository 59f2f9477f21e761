package io.caravan.node.shadow;

import io.caravan.camel.ShadowComponent;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.ExplicitCamelContextNameStrategy;
import org.apache.camel.support.DefaultRegistry;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/** A candidate's routes in a Camel context of their own, which knows the beans it may call and nothing else of the node. */
final class Candidate implements AutoCloseable {

    /**
     * What candidates are made of.
     *
     * @param beans those of the live routes
     * @param errors the text of the live error configurations
     * @param placeholders the settings as routes see them
     */
    record Tools(Role role, Function<String, @Nullable Object> beans, Supplier<String> errors, Supplier<Map<String, String>> placeholders) {}

    private final DefaultCamelContext context;
    private final ShadowComponent phases;

    /** @throws ShadowRefusedException when it may not run, or cannot */
    Candidate(Tools tools, String text, Set<String> allowed) {
        CandidateText.check(text);
        DefaultRegistry registry = new DefaultRegistry();
        context = context(tools, registry);
        context.setNameStrategy(new ExplicitCamelContextNameStrategy("shadow-" + tools.role().text()));
        phases = new ShadowComponent(tools.role());
        context.addComponent("deal", phases);
        try {
            StepRules rules = rules(tools, text, allowed);
            rules.beans().forEach(registry::bind);
            load(context, "errors.camel.yaml", tools.errors().get()); // a configuration reaches routes loaded after it
            load(context, "candidate.camel.yaml", text);
            context.getRouteDefinitions().forEach(route -> rules.strip(route.getOutputs()));
            context.start();
        } catch (ShadowRefusedException e) {
            close();
            throw e;
        } catch (Exception e) {
            close();
            throw new ShadowRefusedException("S8 not-built:", sentence(e));
        }
        if (phases.states().isEmpty()) {
            close();
            throw new ShadowRefusedException("S4 no-phase:", "no route of the candidate begins with deal:<State>");
        }
    }

    /** Holds the text against the rules where it never starts. */
    private static StepRules rules(Tools tools, String text, Set<String> allowed) throws Exception {
        DefaultCamelContext paper = context(tools, new DefaultRegistry());
        load(paper, "candidate.camel.yaml", text);
        StepRules rules = new StepRules(tools.beans(), allowed, paper::resolvePropertyPlaceholders);
        rules.check(paper.getRouteDefinitions());
        return rules;
    }

    private static DefaultCamelContext context(Tools tools, DefaultRegistry registry) {
        DefaultCamelContext made = new DefaultCamelContext(registry);
        made.disableJMX();
        made.setLoadHealthChecks(false);
        made.getShutdownStrategy().setTimeout(1);
        made.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
        Properties known = new Properties();
        known.putAll(tools.placeholders().get());
        made.getPropertiesComponent().setInitialProperties(known);
        return made;
    }

    private static void load(DefaultCamelContext into, String name, String text) throws Exception {
        PluginHelper.getRoutesLoader(into).loadRoutes(ResourceHelper.fromString(name, text));
    }

    private static String sentence(Throwable failure) {
        Throwable last = failure;
        while (last.getCause() != null) {
            last = last.getCause();
        }
        return String.valueOf(last.getMessage()).lines().findFirst().orElse(last.getClass().getSimpleName());
    }

    Set<DealState> states() {
        return phases.states();
    }

    /** What it makes of a deal, by whoever asks on this thread. */
    ShadowComponent.Verdict judge(Deal deal) {
        return phases.run(deal);
    }

    @Override
    public void close() {
        context.stop();
    }
}
