package io.caravan.node;

import io.caravan.node.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;

/** Sends the log of this process to one file in the home folder, as text or JSON. */
final class LogFile {

    private static final long LEAST_SIZE = 64 << 10;

    private LogFile() {}

    /** Opens {@code <folder>/<name>.log}; later lines of every logger go there. */
    static Path open(Path folder, String name, Settings settings) {
        check(settings);
        String format = settings.text("caravan.log.format");
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the log folder " + folder, e);
        }
        Path file = folder.resolve(name + ".log");
        System.setProperty("caravan.log.file", file.toString());
        System.setProperty("caravan.log.format", format);
        System.setProperty("caravan.log.size", Long.toString(settings.bytes("caravan.log.size")));
        System.setProperty("caravan.log.files", settings.text("caravan.log.files"));
        System.setProperty("caravan.log.level", settings.text("caravan.log.level"));
        Configurator.reconfigure(java.net.URI.create("classpath:log4j2-role.xml"));
        return file;
    }

    /** @throws io.caravan.node.config.ConfigException naming a setting that cannot be used */
    static void check(Settings settings) {
        String format = settings.text("caravan.log.format");
        if (!format.equals("text") && !format.equals("json")) {
            throw settings.wrong("caravan.log.format", "must be text or json");
        }
        if (settings.bytes("caravan.log.size") < LEAST_SIZE) {
            throw settings.wrong("caravan.log.size", "must be at least 64KiB");
        }
        settings.integer("caravan.log.files", 1, 1000);
    }

    /** From now on that logger, and those below it, say lines of this level and above. */
    static void level(String logger, String level) {
        Configurator.setLevel(logger, Level.valueOf(level));
    }
}
