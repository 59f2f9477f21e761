package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Which layers of a sector are done, beside them: the replica id, then the SHA-256 of each layer's file, one a line in
 * hex. A layer counts only if its file still has that digest.
 */
final class LabelJournal {

    private final SectorPaths paths;

    LabelJournal(SectorPaths paths) {
        this.paths = paths;
    }

    /** How many layers, from the first, are there and whole for this replica. */
    int whole(Bytes replicaId, long layerBytes) throws IOException {
        List<String> lines = lines();
        if (lines.isEmpty() || !lines.get(0).equals(replicaId.hex())) {
            return 0;
        }
        int whole = 0;
        while (whole + 1 < lines.size() && NodeFiles.exists(paths.layer(whole + 1), layerBytes)
                && NodeFiles.sha256(paths.layer(whole + 1)).hex().equals(lines.get(whole + 1))) {
            whole++;
        }
        return whole;
    }

    /** Forgets the layers behind {@code keep}. */
    void begin(Bytes replicaId, int keep) throws IOException {
        List<String> lines = lines();
        List<String> kept = new ArrayList<>(keep == 0 ? List.of(replicaId.hex()) : lines.subList(0, keep + 1));
        write(kept);
    }

    /** Takes note of the next layer, whose file is complete. */
    void add(int layer) throws IOException {
        List<String> lines = new ArrayList<>(lines());
        lines.add(NodeFiles.sha256(paths.layer(layer)).hex());
        write(lines);
    }

    private List<String> lines() throws IOException {
        Path file = paths.labelJournal();
        return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.US_ASCII) : List.of();
    }

    private void write(List<String> lines) throws IOException {
        byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
        NodeFiles.replace(paths.labelJournal(), channel -> NodeFiles.write(channel, 0, text, text.length));
    }
}
