package io.caravan.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * That a role runs with a home folder: two processes of one role would share keys, files and the name under which leases
 * are held. The operating system gives the lock back when the process ends, however it ends.
 */
public final class RoleLock implements AutoCloseable {

    private final FileChannel channel;

    private RoleLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the role's file {@code lock}, and writes the number of this process into it.
     *
     * @throws StartException in one sentence when the role runs already
     */
    public static RoleLock take(NodeHome home, String role) {
        Path file = home.folder(role, "").resolve("lock");
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (tried(channel) == null) {
                channel.close();
                throw new StartException("the %s of the home folder %s runs already, as process %s: stop it first, or take another folder with --home"
                        .formatted(role, home.root(), Files.readString(file).strip()));
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8)));
            return new RoleLock(channel);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + file, e);
        }
    }

    private static @Nullable FileLock tried(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // another machine in this process
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
