package io.caravan.node.cli;

import io.caravan.node.RoleDatabases;
import io.caravan.node.backup.Backup;
import io.caravan.node.backup.BackupException;
import io.caravan.node.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Takes a backup of a home folder, whether its roles run or not. */
@Command(name = "backup", description = {"Write rows, keys, identity and settings of the roles into one file, while they run.",
        "The file holds private keys: keep it as you keep those."},
        footer = {"", "Example: ./caravan backup /backups", "         ./caravan backup --staging --role miner miner.backup"})
final class BackupVerb extends Verb {

    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    @Parameters(paramLabel = "DIR|FILE", description = "A folder, in which a file named by the moment is made, or the file itself.")
    private Path target;

    @Option(names = "--staging", description = "With the bytes of deals on their way: the miner's staged CARs, the daemon's indexes of imports. "
            + "Sealed sectors are never in a backup: copy sealing.folder by other means.")
    private boolean staging;

    @Option(names = "--role", paramLabel = "ROLE", description = "Only daemon, miner or devnet; may be repeated (default: those of the home folder).")
    private List<String> roles = List.of();

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "A setting the roles run with, such as caravan.db.url; may be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        Settings settings = RoleSettings.load(home().root(), overrides);
        Path file = Files.isDirectory(target) ? target.resolve("caravan-" + STAMP.format(Clock.systemUTC().instant()) + ".backup") : target;
        requireFolder(file.toAbsolutePath().getParent());
        try (RoleDatabases databases = new RoleDatabases(home(), settings)) {
            Backup backup = new Backup(home(), databases::address, Clock.systemUTC());
            List<String> wanted = roles.isEmpty() ? backup.roles() : roles;
            if (wanted.isEmpty() || !backup.roles().containsAll(wanted)) {
                throw new CliException(CliException.FIX_INPUT, "the home folder %s has the roles %s, not %s: name another one by --home, or one of those by --role"
                        .formatted(home().root(), backup.roles(), wanted));
            }
            Backup.Written written = backup.write(file.toAbsolutePath(), wanted, staging);
            return answer(object().put("file", written.file().toString()).put("roles", String.join(",", written.roles()))
                    .put("rows", written.rows()).put("files", written.files()).put("bytes", written.bytes()).put("staging", staging),
                    "%s%n%,d rows and %d files of %s, %,d bytes. It holds private keys; only you can read it.%n%s".formatted(written.file(),
                            written.rows(), written.files(), String.join(", ", written.roles()), written.bytes(), staging
                                    ? "With the bytes of deals on their way; sealed sectors are not in it."
                                    : "Without bytes of deals (--staging takes those on their way); sealed sectors are not in it."));
        } catch (BackupException e) {
            throw new CliException(CliException.FIX_INPUT, e.getMessage());
        } catch (IOException e) {
            throw new CliException(CliException.TRY_AGAIN, "the backup could not be written to %s, and nothing of it stays there: %s. Make room, or name another folder"
                    .formatted(file, e.getMessage()));
        }
    }

    private static void requireFolder(@Nullable Path folder) {
        if (folder == null || !Files.isDirectory(folder) || !Files.isWritable(folder)) {
            throw new CliException(CliException.FIX_INPUT, "%s is no folder in which you may write: make it, or name another".formatted(folder));
        }
    }
}
