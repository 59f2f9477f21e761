package io.caravan.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A home folder for one run, removed with all below it; what cannot be removed is logged and left. */
public record ThrowawayHome(NodeHome home) implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ThrowawayHome.class);

    /** @param name what the folder's name begins with after {@code caravan-} */
    public static ThrowawayHome make(String name) {
        try {
            return new ThrowawayHome(new NodeHome(Files.createTempDirectory("caravan-" + name)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for temporary files", e);
        }
    }

    @Override
    public void close() {
        remove(home.root());
    }

    /** Removes a folder with all below it. */
    public static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("could not remove the temporary folder {}: {}", folder, e.toString());
        }
    }
}
