package io.caravan.node.swap;

import io.caravan.node.config.Settings;
import io.caravan.node.swap.RouteRefusedException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.PluginHelper;
import org.jspecify.annotations.Nullable;

/**
 * The files of routes of one role: {@code errors.camel.yaml} and the files of the role's folders below it. They lie in a
 * folder that a person edits, or else in the program's jar, where nothing changes.
 */
public final class RouteFolder {

    private final Path root;
    private final List<String> folders;
    private final Predicate<String> leftOut;
    /** By state, the program's own file that has a route for it; read when somebody asks. */
    private volatile @Nullable Map<String, String> serving;

    /**
     * @param root which may not be there: then the program's own files run
     * @param folders whose files are the role's
     * @param leftOut files that are not for this role as it is set up, by name
     */
    public RouteFolder(Path root, List<String> folders, Predicate<String> leftOut) {
        this.root = root.toAbsolutePath().normalize();
        this.folders = List.copyOf(folders);
        this.leftOut = leftOut;
    }

    /** Where the settings have the routes: {@code caravan.routes.folder}, else the folder beside the launcher. */
    public static Path rootOf(Settings settings) {
        return settings.optional("caravan.routes.folder").isPresent() ? settings.path("caravan.routes.folder")
                : Path.of(System.getProperty("caravan.dir", "."), "routes");
    }

    /** Whether there are files that can change: the folder is there, and one at least of the role's in it. */
    public boolean isEditable() {
        return Files.isDirectory(root) && folders.stream().anyMatch(folder -> Files.isDirectory(root.resolve(folder)));
    }

    public Path root() {
        return root;
    }

    /** Where a file of that name is. */
    Path path(String name) {
        return root.resolve(name);
    }

    /** Whether a file of that name is one of the role's. */
    public boolean isOurs(String name) {
        String folder = name.contains("/") ? name.substring(0, name.indexOf('/')) : "";
        boolean isInside = name.equals(RouteFile.ERRORS) || folders.contains(folder) && isRouteFile(name.substring(folder.length() + 1));
        return isInside && !leftOut.test(name);
    }

    /** The name of a file given by its path or by its name, with or without its end. */
    public Optional<String> nameOf(String given) {
        String whole = given.endsWith(RouteFile.END) ? given : given + RouteFile.END;
        Path path = Path.of(whole).toAbsolutePath().normalize();
        String name = path.startsWith(root) ? root.relativize(path).toString().replace('\\', '/') : whole.replaceFirst("^routes/", "");
        return isOurs(name) ? Optional.of(name) : Optional.empty();
    }

    /** The names of the files that are there, the error configurations first. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        if (Files.isRegularFile(path(RouteFile.ERRORS))) {
            names.add(RouteFile.ERRORS);
        }
        for (String folder : folders) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(root.resolve(folder))) {
                List<String> inside = new ArrayList<>();
                found.forEach(file -> inside.add(folder + "/" + file.getFileName()));
                inside.stream().filter(this::isOurs).filter(name -> Files.isRegularFile(path(name))).sorted().forEach(names::add);
            } catch (IOException e) {
                continue; // the folder is not there just now
            }
        }
        return names;
    }

    /** All files, from the folder or else from the program, by name, the error configurations first. */
    public Map<String, RouteFile> read(CamelContext context) {
        Map<String, RouteFile> files = new TreeMap<>(RouteFolder::errorsFirst);
        if (isEditable()) {
            names().forEach(name -> read(name).ifPresent(file -> files.put(name, file)));
            return files;
        }
        shipped(context, RouteFile.ERRORS).forEach(file -> files.put(file.name(), file));
        shippedPhases(context).forEach(file -> files.put(file.name(), file));
        return files;
    }

    private List<RouteFile> shippedPhases(CamelContext context) {
        return folders.stream().flatMap(folder -> shipped(context, folder + "/*" + RouteFile.END).stream()).filter(file -> isOurs(file.name())).toList();
    }

    /** The program's own file for this role that has a route for that state. */
    Optional<String> shippedServing(CamelContext context, String state) {
        Map<String, String> known = serving;
        if (known == null) {
            known = new TreeMap<>();
            for (RouteFile file : shippedPhases(context)) {
                for (Outline.RouteShape route : OutlineReader.read(file).routes()) {
                    for (String one : PhaseRules.states(route).toList()) {
                        known.put(one, file.name());
                    }
                }
            }
            serving = known;
        }
        return Optional.ofNullable(known.get(state));
    }

    /** The order in which files are loaded. */
    static int errorsFirst(String one, String other) {
        boolean isErrors = one.equals(RouteFile.ERRORS);
        return isErrors == other.equals(RouteFile.ERRORS) ? one.compareTo(other) : isErrors ? -1 : 1;
    }

    /** The text of a file; empty when it is not there or cannot be read. Too large a file is cut where it is too large. */
    Optional<RouteFile> read(String name) {
        try (InputStream in = Files.newInputStream(path(name))) {
            return Optional.of(new RouteFile(name, new String(in.readNBytes(RouteFile.MOST_BYTES + 1), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The program's own text of a file, where it has one. */
    Optional<RouteFile> shipped(String name) {
        try (InputStream in = RouteFolder.class.getResourceAsStream("/routes/" + name)) {
            return in == null ? Optional.empty() : Optional.of(new RouteFile(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the program's own routes/" + name, e);
        }
    }

    /** Who a file belongs to, for the book. */
    String owner(String name) {
        try {
            return Files.getOwner(path(name), LinkOption.NOFOLLOW_LINKS).getName();
        } catch (IOException | UnsupportedOperationException e) {
            return "somebody";
        }
    }

    /**
     * Writes a text in the place of a file's, all of it or nothing.
     *
     * @throws RouteRefusedException R18 where there is no folder to write in
     */
    void write(RouteFile file) {
        Path place = path(file.name());
        if (!isEditable()) {
            throw new RouteRefusedException(Reason.NO_SUCH_VERSION, file.name(), 0, "there is no folder " + root + " to write it in");
        }
        try {
            Path beside = Files.createTempFile(place.getParent(), ".swap", ".tmp");
            try {
                Files.writeString(beside, file.text());
                if (Files.exists(place)) {
                    keepMode(place, beside);
                }
                Files.move(beside, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + place, e);
        }
    }

    /** Removes a file. */
    void remove(String name) {
        try {
            Files.deleteIfExists(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + path(name), e);
        }
    }

    private static void keepMode(Path from, Path to) throws IOException {
        if (Files.getFileStore(to).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        }
    }

    private static boolean isRouteFile(String name) {
        return name.endsWith(RouteFile.END) && !name.startsWith(".") && !name.startsWith("#") && name.indexOf('/') < 0;
    }

    private static List<RouteFile> shipped(CamelContext context, String pattern) {
        try {
            List<RouteFile> files = new ArrayList<>();
            for (Resource file : PluginHelper.getPackageScanResourceResolver(context).findResources("classpath:routes/" + pattern)) {
                String place = file.getLocation();
                String name = place.substring(place.lastIndexOf("routes/") + "routes/".length());
                try (InputStream in = file.getInputStream()) {
                    files.add(new RouteFile(name, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                }
            }
            return files;
        } catch (Exception e) {
            throw new IllegalStateException("cannot read the program's own routes: " + e.getMessage(), e);
        }
    }
}
