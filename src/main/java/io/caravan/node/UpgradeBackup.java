package io.caravan.node;

import io.caravan.node.backup.Backup;
import io.caravan.store.DatabaseAddress;
import io.caravan.store.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The way back from an upgrade: rows and keys as they were before a newer program brought the schema up to date. */
final class UpgradeBackup {

    private static final Logger LOG = LoggerFactory.getLogger(UpgradeBackup.class);

    private UpgradeBackup() {}

    /** Writes {@code backups/before-step-N-ROLE-TIME.backup} in the home folder; without it nothing is upgraded. */
    static void write(NodeHome home, String role, DatabaseAddress rows, Schema.Standing older) {
        Clock clock = Clock.systemUTC();
        Path file = home.of("backups").resolve("before-step-%d-%s-%d.backup".formatted(older.wanted(), role, clock.instant().getEpochSecond()));
        try {
            home.folder("backups", "");
            new Backup(home, any -> rows, clock).write(file, List.of(role), false);
        } catch (IOException | UncheckedIOException e) {
            throw new StartException("the schema of the %s is not upgraded, because its rows could not be backed up to %s: %s. Make room, or set caravan.upgrade.backup = false"
                    .formatted(role, file, e.getMessage()), e);
        }
        LOG.warn("{}: schema step {} becomes {}; the way back is ./caravan restore {}", role, older.found(), older.wanted(), file);
    }
}
