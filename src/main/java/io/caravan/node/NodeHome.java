package io.caravan.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * Where a node keeps its things: {@code <root>/<role>/} with {@code keystore/ staging/ sectors/ log/ api token}, and one
 * {@code <root>/pg/} for the embedded database that the roles of one machine share.
 *
 * @param root the home folder, {@code $CARAVAN_HOME} or {@code ~/.caravan}
 */
public record NodeHome(Path root) {

    public NodeHome {
        root = root.toAbsolutePath().normalize();
    }

    /** The home folder from an explicit choice, else the environment, else the user's home. */
    public static NodeHome of(String explicit, Map<String, String> environment) {
        if (!explicit.isBlank()) {
            return new NodeHome(Path.of(explicit));
        }
        String fromEnvironment = environment.getOrDefault("CARAVAN_HOME", "");
        return new NodeHome(fromEnvironment.isBlank()
                ? Path.of(System.getProperty("user.home"), ".caravan")
                : Path.of(fromEnvironment));
    }

    /** The folder of one process role: {@code daemon}, {@code miner} or {@code devnet}. */
    public Path of(String role) {
        return root.resolve(role);
    }

    /** Makes a folder below the role's own, readable by its owner alone where the file system can say so. */
    public Path folder(String role, String name) {
        Path folder = of(role).resolve(name);
        try {
            if (!Files.exists(of(role)) && FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectories(of(role), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
            Files.createDirectories(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder " + folder, e);
        }
    }
}
