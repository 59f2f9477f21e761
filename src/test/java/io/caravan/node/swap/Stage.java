package io.caravan.node.swap;

import io.caravan.camel.DealComponent;
import io.caravan.camel.LiveContext;
import io.caravan.model.ChainTime;
import io.caravan.model.Deal;
import io.caravan.model.Role;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.RouteBook;
import io.caravan.store.Sql;
import io.caravan.support.TestPostgres;
import io.caravan.time.Timeline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A miner's deal routes that follow a folder, with a bean that the test scripts, on a real database. */
final class Stage implements AutoCloseable {

    static final String FILE = "miner/3-accept.camel.yaml";

    final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    final LiveContext context = new LiveContext(clock);
    final Timeline timeline = Timeline.of(clock);
    final PostgresDealStore deals;
    final RouteBook book;
    final Properties placeholders = new Properties();
    final Path root;
    final Rules rules = new Rules();
    ChangingRoutes routes;
    SettingsWatch settings;

    /** What the phases do. */
    public static final class Rules {
        final Map<String, UnaryOperator<Deal>> script = new ConcurrentHashMap<>();

        volatile Runnable bell = () -> { };

        public void ring() {
            bell.run();
        }

        public Deal check(Deal deal) {
            return script.getOrDefault("check", one -> one).apply(deal);
        }

        public Deal decide(Deal deal) {
            return script.getOrDefault("decide", one -> one).apply(deal);
        }
    }

    Stage(TestPostgres postgres, Path root) {
        this(postgres, root, postgres.database().sql());
    }

    /** @param written where changes are written down */
    Stage(TestPostgres postgres, Path root, Sql written) {
        this(postgres, root, written, "node");
    }

    /** One of several nodes that share the database. */
    Stage(TestPostgres postgres, Path root, Sql written, String node) {
        this.root = root;
        deals = new PostgresDealStore(postgres.database().sql(), timeline, node, Deadlines::usual,
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), new Random(1)));
        book = new RouteBook(written, node, clock);
        placeholders.setProperty("miner.accept.delay", "100");
        context.disableJMX();
        context.getPropertiesComponent().setInitialProperties(placeholders);
        context.getRegistry().bind("deal", new DealComponent(deals, timeline, Role.PROVIDER, ChainTime.NONE));
        context.getRegistry().bind("proposalRules", rules);
    }

    /** A folder with error configurations and the file. */
    static Path folder(Path root, String text) {
        try {
            Files.createDirectories(root.resolve("miner"));
            Files.copy(Path.of("routes/errors.camel.yaml"), root.resolve("errors.camel.yaml"));
            Files.writeString(root.resolve(FILE), text);
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Stage start() {
        return start(null);
    }

    Stage start(@Nullable SettingsWatch watched) {
        try {
            routes = new ChangingRoutes(context, new RouteFolder(root, List.of("miner"), file -> false), book, Role.PROVIDER,
                    placeholders, timeline);
            if (watched != null) {
                settings = watched;
                routes.with(watched);
            }
            routes.start(Duration.ofMillis(100));
            return this;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    void write(String name, String text) {
        try {
            Files.writeString(root.resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String runs(String route) {
        return context.getRoute(route) == null ? "" : context.getRoute(route).getDescription();
    }

    /** A phase of Validating that says which version it is. */
    static String phase(String version) {
        return phase(version, "deal:StorageDealValidating", "deal:fire/DealDeciding");
    }

    static String phase(String version, String from, String fire) {
        return """
                - route:
                    id: StorageDealValidating
                    description: %s
                    group: miner-accept
                    routeConfigurationId: provider-errors
                    from:
                      uri: %s
                      parameters:
                        delay: "{{miner.accept.delay}}"
                      steps:
                        - to:
                            uri: bean:proposalRules?method=check
                        - to:
                            uri: %s
                """.formatted(version, from, fire);
    }

    @Override
    public void close() {
        routes.stopWatching();
        routes.awaitLeaving(Duration.ofSeconds(5));
        context.stop();
        routes.close();
    }
}
