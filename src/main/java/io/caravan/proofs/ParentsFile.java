package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The parents of all nodes of one graph in a file that every sector of that kind shares: 14 little-endian numbers of 4
 * bytes a node, made when first needed, checked against the SHA-256 stored beside it, and mapped.
 */
final class ParentsFile {

    private static final int NODE_BYTES = StackedGraph.PARENTS * Integer.BYTES;
    private static final int CHUNK = 1 << 12;
    /** Sectors of fewer nodes look their parents up in the graph: that is quicker than a file. */
    private static final int FEWEST_NODES = 1 << 12;

    private final Path folder;

    ParentsFile(Path folder) {
        this.folder = folder;
    }

    /** The parents for this kind of sector; may compute for seconds (8 MiB) or minutes (512 MiB) the first time. */
    Parents of(PoRep porep, Workers workers) throws IOException {
        StackedGraph graph = porep.graph();
        if (porep.nodes() < FEWEST_NODES) {
            return (node, out) -> graph.parents(node, out, 0);
        }
        Files.createDirectories(folder);
        Path file = folder.resolve("parents-" + porep.number() + "-" + porep.nodes() + ".dat");
        Path digest = file.resolveSibling(file.getFileName() + ".sha256");
        if (!isWhole(file, digest, porep)) {
            make(file, digest, graph, workers);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            IntBuffer numbers = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size())
                    .order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
            return (node, out) -> numbers.get(node * StackedGraph.PARENTS, out);
        }
    }

    private static boolean isWhole(Path file, Path digest, PoRep porep) throws IOException {
        return NodeFiles.exists(file, (long) porep.nodes() * NODE_BYTES) && Files.exists(digest)
                && NodeFiles.sha256(file).hex().equals(Files.readString(digest, StandardCharsets.ISO_8859_1).strip());
    }

    /** Several may make it at once, each beside it; the last to finish stays, and all have the same bytes. */
    private void make(Path file, Path digest, StackedGraph graph, Workers workers) throws IOException {
        Path part = Files.createTempFile(folder, "parents-", ".part");
        try {
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                workers.run("parents", graph.nodes(), CHUNK, () -> {
                    byte[] bytes = new byte[CHUNK * NODE_BYTES];
                    IntBuffer numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer();
                    int[] parents = new int[StackedGraph.PARENTS];
                    return (from, to) -> {
                        numbers.clear();
                        for (int node = from; node < to; node++) {
                            graph.parents(node, parents, 0);
                            numbers.put(parents);
                        }
                        NodeFiles.write(channel, (long) from * NODE_BYTES, bytes, (to - from) * NODE_BYTES);
                    };
                });
                channel.force(true);
            }
            Bytes made = NodeFiles.sha256(part);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.writeString(digest, made.hex() + "\n");
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
