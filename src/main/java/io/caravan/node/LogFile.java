package io.caravan.node;

import io.caravan.node.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.jspecify.annotations.Nullable;

/** Sends the log of this process to one file in the home folder, as text or JSON. */
final class LogFile {

    private static final long LEAST_SIZE = 64 << 10;
    private static final String FILE = "caravan.log.file";
    private static final List<String> LEVELS = List.of("error", "warn", "info", "debug", "trace");
    private static @Nullable Format used;

    /**
     * How lines are written.
     *
     * @param format text or json
     * @param size bytes after which the next file begins
     * @param files older ones that are kept
     * @param level from which on our own classes are heard
     */
    record Format(String format, long size, int files, String level) {}

    private LogFile() {}

    /** Opens {@code <folder>/<name>.log}; later lines of every logger go there. */
    static Path open(Path folder, String name, Settings settings) {
        Format format = format(settings);
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the log folder " + folder, e);
        }
        Path file = folder.resolve(name + ".log");
        System.setProperty(FILE, file.toString());
        set(format);
        return file;
    }

    /** Writes later lines so, where there is a file; each role of a process says the same. */
    static synchronized void use(Format format) {
        if (System.getProperty(FILE) != null && !format.equals(used)) {
            set(format);
        }
    }

    private static synchronized void set(Format format) {
        System.setProperty("caravan.log.format", format.format());
        System.setProperty("caravan.log.size", Long.toString(format.size()));
        System.setProperty("caravan.log.files", Integer.toString(format.files()));
        System.setProperty("caravan.log.level", format.level());
        Configurator.reconfigure(java.net.URI.create("classpath:log4j2-role.xml"));
        used = format;
    }

    /** @throws io.caravan.node.config.ConfigException naming a setting that cannot be used */
    static Format format(Settings settings) {
        String format = settings.text("caravan.log.format");
        if (!format.equals("text") && !format.equals("json")) {
            throw settings.wrong("caravan.log.format", "must be text or json");
        }
        if (settings.bytes("caravan.log.size") < LEAST_SIZE) {
            throw settings.wrong("caravan.log.size", "must be at least 64KiB");
        }
        String level = settings.text("caravan.log.level").toLowerCase(Locale.ROOT);
        if (!LEVELS.contains(level)) {
            throw settings.wrong("caravan.log.level", "must be error, warn, info, debug or trace");
        }
        return new Format(format, settings.bytes("caravan.log.size"), settings.integer("caravan.log.files", 1, 1000), level);
    }

    /** From now on that logger, and those below it, say lines of this level and above. */
    static void level(String logger, String level) {
        Configurator.setLevel(logger, Level.valueOf(level));
    }
}
