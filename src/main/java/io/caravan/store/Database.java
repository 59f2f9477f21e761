package io.caravan.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import io.caravan.model.RetryableException;
import io.caravan.model.WaitsOn;
import java.time.Duration;
import java.util.function.Consumer;
import javax.sql.DataSource;

/**
 * One role's database: a pool of connections on a schema brought up to date. Opening it applies the migrations in
 * {@code sql/migration} that it lacks and compares the states it knows with the program's.
 */
public final class Database implements AutoCloseable {

    /** Most connections of one role; three roles of a process fit the embedded server. */
    private static final int POOL = 16;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(10);

    private final HikariDataSource pool;
    private final Sql sql;

    private Database(HikariDataSource pool) {
        this.pool = pool;
        this.sql = new Sql(pool);
    }

    /**
     * Connects and migrates.
     *
     * @param name names the pool in logs and metrics, the role's name will do
     * @throws RetryableException when the server cannot be reached
     * @throws IllegalStateException when its schema is not one that this program can use
     */
    public static Database open(DatabaseAddress address, String name) {
        return open(address, name, older -> { });
    }

    /** The same; somebody hears of rows of an older program before they are brought up to date. */
    public static Database open(DatabaseAddress address, String name, Consumer<Schema.Standing> beforeUpgrade) {
        Database database = bare(address, name);
        try {
            Schema.ofRoles().apply(database.pool, beforeUpgrade);
            new StateTables(database.sql).sync();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /**
     * Connects to a database that somebody else, such as the devnet, keeps tables in: nothing is migrated.
     *
     * @throws RetryableException when the server cannot be reached
     */
    public static Database bare(DatabaseAddress address, String name) {
        var config = new HikariConfig();
        config.setPoolName("db-" + name);
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(POOL);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECT_LIMIT.toMillis());
        config.addDataSourceProperty("ApplicationName", "caravan-" + name);
        try {
            return new Database(new HikariDataSource(config));
        } catch (PoolInitializationException e) {
            throw new RetryableException(WaitsOn.NODE, "no database at " + address + ": " + e.getMessage(), e);
        }
    }

    public DataSource dataSource() {
        return pool;
    }

    /** The statements of {@code sql/}, run on this database. */
    public Sql sql() {
        return sql;
    }

    /** Closes every connection; stop whatever uses them first. */
    @Override
    public void close() {
        pool.close();
    }
}
