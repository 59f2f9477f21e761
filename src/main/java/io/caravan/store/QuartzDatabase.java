package io.caravan.store;

import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/**
 * Lets a role's Quartz scheduler keep its jobs in the role's own database, over the role's own pool. Quartz looks its
 * connections up by name in a registry of the whole process; the name given here is new each time, so that roles in
 * one process do not meet there.
 */
public final class QuartzDatabase {

    private static final String DEFAULTS = "/config/quartz.properties";

    private QuartzDatabase() {}

    /**
     * Makes the pool known to Quartz.
     *
     * @param node this node's name, the same after a restart: under it Quartz finds the jobs that an earlier life of the
     *     node left behind, and takes them up when it starts; under any other name they wait ten seconds for somebody to
     *     notice
     * @return the scheduler's properties: those of {@code config/quartz.properties} with the database filled in; give
     *     them to Camel's Quartz component, which adds the context's name to the scheduler's. Nodes of one role share
     *     both names
     */
    public static Map<String, String> properties(DataSource pool, String node) {
        String source = "caravan-" + UUID.randomUUID();
        DBConnectionManager.getInstance().addConnectionProvider(source, new Pooled(pool));
        var properties = new LinkedHashMap<String, String>();
        defaults().forEach((name, value) -> properties.put(name.toString(), value.toString()));
        properties.put("org.quartz.jobStore.dataSource", source);
        properties.put("org.quartz.scheduler.instanceId", node.replaceAll("[^A-Za-z0-9._-]", "-")); // JMX wants a plain word
        return properties;
    }

    private static Properties defaults() {
        var defaults = new Properties();
        try (InputStream in = QuartzDatabase.class.getResourceAsStream(DEFAULTS)) {
            if (in == null) {
                throw new IllegalStateException("no " + DEFAULTS.substring(1) + " on the class path");
            }
            defaults.load(in);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + DEFAULTS.substring(1), e);
        }
        return defaults;
    }

    /** The pool as Quartz wants it; its owner opens and closes it. */
    private record Pooled(DataSource pool) implements ConnectionProvider {

        @Override
        public Connection getConnection() throws SQLException {
            return pool.getConnection();
        }

        @Override
        public void initialize() {
            // open already
        }

        @Override
        public void shutdown() {
            // its owner closes it
        }
    }
}
