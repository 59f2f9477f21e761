package io.caravan.piece;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.TimeUnit;

/** How a file looked at one moment: length, and time of its last change in nanoseconds since 1970. */
record FileStamp(long bytes, long modifiedNanos) {
    static FileStamp of(Path file) throws IOException {
        var seen = Files.readAttributes(file, BasicFileAttributes.class);
        if (!seen.isRegularFile()) {
            throw new IOException(file + " is not a regular file");
        }
        return new FileStamp(seen.size(), seen.lastModifiedTime().to(TimeUnit.NANOSECONDS));
    }

    /** Refuses a file that is gone or no longer looks like this. */
    void require(Path file) throws ImportChangedException {
        FileStamp now;
        try {
            now = of(file);
        } catch (IOException e) {
            throw new ImportChangedException(file, "it cannot be read any more");
        }
        if (now.bytes != bytes) {
            throw new ImportChangedException(file, "it had " + bytes + " bytes and has " + now.bytes);
        }
        if (now.modifiedNanos != modifiedNanos) {
            throw new ImportChangedException(file, "it was written to");
        }
    }
}
