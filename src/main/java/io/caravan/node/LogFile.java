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

    private LogFile() {}

    /** Opens {@code <folder>/<name>.log}; later lines of every logger go there. */
    static Path open(Path folder, String name, Settings settings) {
        String format = settings.text("caravan.log.format");
        if (!format.equals("text") && !format.equals("json")) {
            throw settings.wrong("caravan.log.format", "must be text or json");
        }
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the log folder " + folder, e);
        }
        Path file = folder.resolve(name + ".log");
        System.setProperty("caravan.log.file", file.toString());
        System.setProperty("caravan.log.format", format);
        System.setProperty("caravan.log.level", settings.text("caravan.log.level"));
        Configurator.reconfigure(java.net.URI.create("classpath:log4j2-role.xml"));
        return file;
    }

    /** From now on that logger, and those below it, say lines of this level and above. */
    static void level(String logger, String level) {
        Configurator.setLevel(logger, Level.valueOf(level));
    }
}
