package io.caravan.sealing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** What can befall a sector's files while nobody looks. */
final class Harm {

    /** How a file is damaged. */
    enum Kind { BIT, TRUNCATED, EMPTY, MISSING, SWAPPED, LONGER }

    private Harm() {}

    /** The files of a sector by role, those that are there or could be. */
    static Map<String, Path> files(SectorFiles files, SectorRef sector) {
        Map<String, Path> all = new LinkedHashMap<>();
        all.put("unsealed", files.unsealed(sector));
        all.put("sealed", files.sealed(sector));
        for (String name : List.of("sc-02-data-layer-1.dat", "sc-02-data-layer-2.dat", "sc-02-data-tree-d.dat",
                "sc-02-data-tree-c.dat", "sc-02-data-tree-r-last.dat", "p_aux", "t_aux", "seal.journal")) {
            all.put(name, files.cache(sector).resolve(name));
        }
        return all;
    }

    /** @param stranger the same file of another sector, for {@link Kind#SWAPPED} */
    static void befall(Path file, Kind kind, Path stranger, Random random) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (kind) {
            case BIT -> {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, bytes);
            }
            case TRUNCATED -> Files.write(file, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            case EMPTY -> Files.write(file, new byte[0]);
            case MISSING -> Files.delete(file);
            case SWAPPED -> Files.copy(stranger, file, StandardCopyOption.REPLACE_EXISTING);
            case LONGER -> Files.write(file, Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(4096)));
        }
    }

    /** Copies a folder with all that is in it; returns the copy. */
    static Path copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path one : all.sorted(Comparator.naturalOrder()).toList()) {
                Path target = to.resolve(from.relativize(one).toString());
                if (Files.isDirectory(one)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(one, target);
                }
            }
        }
        return to;
    }
}
