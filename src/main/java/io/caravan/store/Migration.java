package io.caravan.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * One step of a schema as this program ships it.
 *
 * @param version the number in its name
 * @param script its file, such as {@code V001__deal.sql}
 * @param checksum as Flyway counts it, line by line, so that the two can be held against each other
 */
record Migration(int version, String script, int checksum) {

    private static final Pattern NAME = Pattern.compile("V(\\d+)__\\w+\\.sql");

    /** Every step below a folder of the class path, the first first. */
    static List<Migration> shipped(String folder) {
        URL place = Migration.class.getResource("/" + folder);
        if (place == null) {
            throw new IllegalStateException(folder + " is missing from the program: build it again");
        }
        List<Migration> all = new ArrayList<>();
        try {
            for (String file : files(place, folder)) {
                Matcher name = NAME.matcher(file);
                if (name.matches()) {
                    all.add(new Migration(Integer.parseInt(name.group(1)), file, checksum("/" + folder + "/" + file)));
                }
            }
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("cannot read the schema's steps in " + folder, e);
        }
        all.sort(Comparator.comparingInt(Migration::version));
        return List.copyOf(all);
    }

    private static List<String> files(URL place, String folder) throws IOException, URISyntaxException {
        if (place.openConnection() instanceof JarURLConnection jar) {
            return jar.getJarFile().stream().map(entry -> entry.getName())
                    .filter(name -> name.startsWith(folder + "/")).map(name -> name.substring(folder.length() + 1)).toList();
        }
        try (Stream<Path> files = Files.list(Path.of(place.toURI()))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static int checksum(String resource) throws IOException {
        CRC32 sum = new CRC32();
        try (InputStream in = Migration.class.getResourceAsStream(resource);
                BufferedReader lines = new BufferedReader(new InputStreamReader(present(in, resource), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> sum.update(line.getBytes(StandardCharsets.UTF_8)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return (int) sum.getValue();
    }

    private static InputStream present(@Nullable InputStream in, String resource) throws IOException {
        if (in == null) {
            throw new IOException(resource + " is not there");
        }
        return in;
    }
}
