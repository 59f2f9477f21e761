package io.caravan.node.cli;

import io.caravan.node.RoleDatabases;
import io.caravan.node.RoleLock;
import io.caravan.node.backup.BackupException;
import io.caravan.node.backup.Restore;
import io.caravan.node.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a backup into an empty home folder. */
@Command(name = "restore", description = {"Put a backup into a home folder whose roles are not there yet, after checking all of it.",
        "The node reconciles itself with the chain at its next start."},
        footer = {"", "Example: ./caravan restore --home /srv/caravan caravan-20260101T000000Z.backup", "         ./caravan restore --check some.backup"})
final class RestoreVerb extends Verb {

    @Parameters(paramLabel = "FILE", description = "What ./caravan backup wrote.")
    private Path file;

    @Option(names = "--check", description = "Only read and check it.")
    private boolean checkOnly;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting the roles will run with, such as caravan.db.url; may be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        try (Restore restore = new Restore(file)) {
            restore.check();
            if (!checkOnly) {
                requireRoom(restore);
                restored(restore);
            }
            return answer(object().put("at", restore.at()).put("roles", String.join(",", restore.roles()))
                    .put("staging", restore.hasStaging()).put("restored", !checkOnly), text(restore));
        } catch (BackupException e) {
            throw new CliException(CliException.FIX_INPUT, e.getMessage());
        } catch (IOException e) {
            throw new CliException(CliException.TRY_AGAIN, "the backup could not be %s: %s".formatted(checkOnly ? "read" : "put into " + home().root(), e.getMessage())
                    + (checkOnly ? "" : ". Take away what was written there, make room, and say it again"));
        }
    }

    /** Before anything is written: a disk that is full in the middle leaves a folder that has to be emptied by hand. */
    private void requireRoom(Restore restore) throws IOException {
        Path there = home().root().toAbsolutePath();
        while (!Files.exists(there)) {
            there = there.getParent();
        }
        long free = Files.getFileStore(there).getUsableSpace();
        if (restore.bytes() > free) {
            throw new CliException(CliException.TRY_AGAIN, "the backup needs %,d bytes and the disk of %s has %,d free; nothing was written. Make room, or give another --home"
                    .formatted(restore.bytes(), home().root(), free));
        }
    }

    private void restored(Restore restore) throws IOException {
        List<RoleLock> locks = new ArrayList<>();
        try {
            for (String role : restore.roles()) {
                locks.add(RoleLock.take(home(), role));
            }
            Runnable undo = restore.settings(home());
            Settings settings = RoleSettings.load(home().root(), overrides);
            try (RoleDatabases databases = new RoleDatabases(home(), settings)) {
                try {
                    restore.requireEmpty(home(), databases::address);
                } catch (BackupException e) {
                    undo.run();
                    throw e;
                }
                restore.write(home(), databases::address);
            }
        } finally {
            for (RoleLock lock : locks) {
                lock.close();
            }
        }
    }

    private String text(Restore restore) {
        String what = "%s as of %s".formatted(String.join(", ", restore.roles()), restore.at());
        if (checkOnly) {
            return "whole: " + what + (restore.hasStaging() ? ", with the bytes of deals on their way" : ", without bytes of deals");
        }
        return """
                %s is in %s.
                At its next start each role asks the chain what it sent after the backup, and takes that over before it sends anything else.
                Then look at: ./caravan doctor and ./caravan deals --stuck. Deals that began after the backup are not in its rows; what the miner published of them stands in ./caravan doctor.
                Whoever was signed in has to sign in again. Passwords and tokens are those of then: revoke again what was revoked since (./caravan tokens list).
                %sSealed sectors are not in a backup: their folder has to be in its place before the miner starts (sealing.folder).
                Never start the node that the backup was taken from again: two nodes with the same keys send against each other.""".formatted(what,
                home().root(), restore.hasStaging() ? "" : "Bytes of deals are not in this backup: transfers begin again, data that had arrived has to come again.\n");
    }
}
