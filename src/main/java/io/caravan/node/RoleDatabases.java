package io.caravan.node;

import io.caravan.node.config.Settings;
import io.caravan.store.Database;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.PostgresServer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Opens each role's own database: on the server that {@code caravan.db.url} names, else on the embedded one of the home
 * folder, which starts with the first role and stops when the last user of the home folder has gone.
 */
public final class RoleDatabases implements AutoCloseable {

    private static final Pattern URL = Pattern.compile("(jdbc:postgresql://[^/]+/)([a-z0-9_]+)(\\?.*)?");

    private final NodeHome home;
    private final Settings settings;
    private @Nullable PostgresServer embedded;

    public RoleDatabases(NodeHome home, Settings settings) {
        this.home = home;
        this.settings = settings;
    }

    /** Where the role's database is; made there when the server is our own. */
    public DatabaseAddress address(String role) {
        Optional<String> url = settings.optional("caravan.db.url");
        return url.isPresent() ? external(url.get(), role) : embedded().database("caravan_" + role);
    }

    /** A database for somebody who keeps tables of his own. */
    Database bare(String role) {
        return Database.bare(address(role), role);
    }

    /** The role's database, migrated; rows of an older program are backed up first ({@code caravan.upgrade.backup}). */
    Database open(String role) {
        DatabaseAddress address = address(role);
        return Database.open(address, role, older -> {
            if (settings.flag("caravan.upgrade.backup")) {
                UpgradeBackup.write(home, role, address, older);
            }
        });
    }

    @Override
    public synchronized void close() {
        if (embedded != null) {
            embedded.close();
            embedded = null;
        }
    }

    private synchronized PostgresServer embedded() {
        if (embedded == null) {
            embedded = PostgresServer.start(home.root().resolve("pg"), settings.integer("caravan.db.port", 0, 65535));
        }
        return embedded;
    }

    private DatabaseAddress external(String url, String role) {
        Matcher m = URL.matcher(url);
        if (!m.matches()) {
            throw settings.wrong("caravan.db.url", "is not of the form jdbc:postgresql://host:port/name");
        }
        String parameters = m.group(3) == null ? "" : m.group(3);
        return new DatabaseAddress(m.group(1) + m.group(2) + "_" + role + parameters,
                settings.optional("caravan.db.user").orElse(""), settings.optional("caravan.db.password").orElse(""));
    }
}
