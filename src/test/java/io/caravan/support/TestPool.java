package io.caravan.support;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.store.DatabaseAddress;

/**
 * A few connections that a test keeps to a database: to make one anew costs more than most of what is asked over it. None
 * is opened before it is needed, and nobody who asks for nothing for a while holds one.
 */
public final class TestPool {

    private static final int MOST = 4;
    private static final long IDLE_MILLIS = 10_000;

    private TestPool() {
    }

    /** Close it when the test is done with it. */
    public static HikariDataSource of(DatabaseAddress address) {
        var config = new HikariConfig();
        config.setPoolName("db-test-" + address.url().replaceAll(".*/", ""));
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(MOST);
        config.setMinimumIdle(0);
        config.setIdleTimeout(IDLE_MILLIS);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
