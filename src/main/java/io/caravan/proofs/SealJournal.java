package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What was written for one replica, beside it: the replica id, then the SHA-256 of each file in hex, two spaces and the
 * file's role. A file counts only while it still has that digest, so whatever befalls it later is noticed by reading it
 * once, which costs a hundredth of making it. The journal itself may be damaged as the files may: then nothing counts.
 */
final class SealJournal {

    private static final String GAP = "  ";
    private static final long LONGEST = 1 << 14;

    private final SectorPaths paths;

    SealJournal(SectorPaths paths) {
        this.paths = paths;
    }

    /** How many layers, from the first, are there and whole for this replica. */
    int layers(Bytes replicaId, int most) throws IOException {
        Map<String, String> noted = noted(replicaId);
        int whole = 0;
        while (whole < most && isWhole(paths.layer(whole + 1), noted.get(layer(whole + 1)))) {
            whole++;
        }
        return whole;
    }

    /** Forgets everything but that many layers. */
    void begin(Bytes replicaId, int layers) throws IOException {
        Map<String, String> kept = new LinkedHashMap<>();
        Map<String, String> before = noted(replicaId);
        for (int layer = 1; layer <= layers; layer++) {
            kept.put(layer(layer), String.valueOf(before.get(layer(layer))));
        }
        write(replicaId, kept);
    }

    /** Takes note of files that are complete. */
    void add(Bytes replicaId, Map<String, Path> files) throws IOException {
        Map<String, String> noted = noted(replicaId);
        for (Map.Entry<String, Path> file : files.entrySet()) {
            noted.put(file.getKey(), NodeFiles.sha256(file.getValue()).hex());
        }
        write(replicaId, noted);
    }

    /** The role of a layer's file, from 1. */
    static String layer(int layer) {
        return "layer-" + layer;
    }

    /** @throws WrongFileException naming the first of these that is not there, or not as it was noted for this replica */
    void require(Bytes replicaId, Map<String, Path> files) throws IOException {
        Optional<String> flaw = flaw(replicaId, files);
        if (flaw.isPresent()) {
            throw new WrongFileException(flaw.get());
        }
    }

    /** What is wrong with the first of these files that is not as it was noted; empty when all are. */
    Optional<String> flaw(Bytes replicaId, Map<String, Path> files) throws IOException {
        Map<String, String> noted = noted(replicaId);
        if (noted.isEmpty()) {
            return Optional.of(paths.journal() + " is gone, damaged, or of another replica");
        }
        for (Map.Entry<String, Path> file : files.entrySet()) {
            String digest = noted.get(file.getKey());
            if (digest == null) {
                return Optional.of("there is no " + file.getKey() + " of this replica yet: " + file.getValue());
            }
            if (!Files.exists(file.getValue())) {
                return Optional.of(file.getValue() + " is gone");
            }
            if (!isWhole(file.getValue(), digest)) {
                return Optional.of(file.getValue() + " is damaged: it is not what was written");
            }
        }
        return Optional.empty();
    }

    private static boolean isWhole(Path file, @Nullable String digest) throws IOException {
        return digest != null && Files.exists(file) && NodeFiles.sha256(file).hex().equals(digest);
    }

    private Map<String, String> noted(Bytes replicaId) throws IOException {
        Map<String, String> noted = new LinkedHashMap<>();
        List<String> lines = lines();
        if (lines.isEmpty() || !lines.get(0).equals(replicaId.hex())) {
            return noted;
        }
        for (String line : lines.subList(1, lines.size())) {
            int gap = line.indexOf(GAP);
            if (gap > 0) {
                noted.put(line.substring(gap + GAP.length()), line.substring(0, gap));
            }
        }
        return noted;
    }

    private List<String> lines() throws IOException {
        Path file = paths.journal();
        return Files.exists(file) && Files.size(file) <= LONGEST ? Files.readAllLines(file, StandardCharsets.ISO_8859_1)
                : List.of();
    }

    private void write(Bytes replicaId, Map<String, String> noted) throws IOException {
        List<String> lines = new ArrayList<>(List.of(replicaId.hex()));
        noted.forEach((role, digest) -> lines.add(digest + GAP + role));
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
        NodeFiles.replace(paths.journal(), channel -> NodeFiles.write(channel, 0, text, text.length));
    }
}
