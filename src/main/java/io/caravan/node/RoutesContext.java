package io.caravan.node;

import io.caravan.node.config.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One role's Camel context: its beans, its components, the settings as placeholders and the route files of its folders.
 * The files are read from the checkout where there is one, so that what a person edits is what runs, else from the jar.
 */
final class RoutesContext implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RoutesContext.class);
    private static final String ERRORS = "errors.camel.yaml";

    private final DefaultCamelContext context;
    private Predicate<String> leftOut = file -> false;

    /** @param name the context's name in JMX: daemon or miner */
    RoutesContext(String name, Settings settings) {
        context = new DefaultCamelContext();
        context.setNameStrategy(new org.apache.camel.impl.engine.ExplicitCamelContextNameStrategy(name));
        context.getManagementStrategy();
        Properties placeholders = new Properties();
        settings.placeholders().forEach(placeholders::setProperty);
        context.getPropertiesComponent().setInitialProperties(placeholders);
        context.getShutdownStrategy().setTimeout(Math.max(1, settings.duration("caravan.stop.wait").toSeconds()));
        context.getShutdownStrategy().setSuppressLoggingOnTimeout(true);
        context.setSourceLocationEnabled(true);
    }

    CamelContext camel() {
        return context;
    }

    /** Binds what routes call by name. */
    RoutesContext bind(Map<String, Object> beans) {
        beans.forEach(context.getRegistry()::bind);
        return this;
    }

    /** Files that are not for this role as it is set up; each as {@code folder/name}. */
    RoutesContext without(Predicate<String> leftOut) {
        this.leftOut = leftOut;
        return this;
    }

    /** Loads {@code routes/errors.camel.yaml} and every file of the folders but those left out, then starts. */
    void start(String... folders) {
        try {
            List<Resource> files = new ArrayList<>(resources(ERRORS));
            for (String folder : folders) {
                resources(folder + "/*.camel.yaml").stream().filter(file -> !leftOut.test(name(file))).forEach(files::add);
            }
            PluginHelper.getRoutesLoader(context).loadRoutes(files);
            context.start();
        } catch (Exception e) {
            throw new StartException("the routes of " + context.getName() + " do not start: " + e.getMessage(), e);
        }
    }

    private static String name(Resource file) {
        String[] parts = file.getLocation().split("/");
        return parts[parts.length - 2] + "/" + parts[parts.length - 1];
    }

    /** The clock first: a job that began while the routes go would look for one that is not there any more. */
    @Override
    public void close() {
        if (context.hasComponent("quartz") instanceof QuartzComponent quartz && quartz.getScheduler() != null) {
            try {
                quartz.getScheduler().standby();
            } catch (SchedulerException e) {
                LOG.warn("the clock of {} does not stand still before its routes: {}", context.getName(), e.getMessage());
            }
        }
        context.stop();
    }

    private Collection<Resource> resources(String pattern) throws Exception {
        Path checkout = Path.of(System.getProperty("caravan.dir", "."), "routes");
        if (!Files.isDirectory(checkout)) {
            return PluginHelper.getPackageScanResourceResolver(context).findResources("classpath:routes/" + pattern);
        }
        int slash = pattern.indexOf("/*");
        if (slash < 0) {
            return List.of(ResourceHelper.resolveResource(context, "file:" + checkout.resolve(pattern)));
        }
        try (Stream<Path> files = Files.list(checkout.resolve(pattern.substring(0, slash)))) {
            return files.filter(file -> file.toString().endsWith(".camel.yaml")).sorted()
                    .map(file -> ResourceHelper.resolveResource(context, "file:" + file)).toList();
        }
    }
}
