package io.caravan.node.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The files that a demo stores when it is given none. */
final class DemoFiles {

    private static final int SIZE = 1 << 20;
    private static final int SIZE_FOR_2_KIB = 1200;

    private DemoFiles() {}

    /**
     * Writes files with bytes that differ from file to file and are the same in every run.
     *
     * @param sectorSize padded bytes; into the smallest sectors a file of 1 MiB would not go
     */
    static List<Path> make(Path folder, int count, long sectorSize) {
        List<Path> files = new ArrayList<>(count);
        byte[] content = new byte[sectorSize > SIZE ? SIZE : SIZE_FOR_2_KIB];
        for (int i = 1; i <= count; i++) {
            new Random(i).nextBytes(content);
            Path file = folder.resolve("demo-" + i + ".bin");
            try {
                files.add(Files.write(file, content));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + file, e);
            }
        }
        return files;
    }
}
