package io.caravan.scenario;

import io.caravan.codec.Cid;
import io.caravan.codec.Multihash;
import io.caravan.piece.Block;
import io.caravan.piece.CarWriter;
import io.caravan.piece.UnixFsBuilder;
import io.caravan.piece.UnixFsLayout;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Files with content that a seed makes. */
final class WorldFiles {

    private WorldFiles() {}

    static Path file(Path path, int bytes, long seed) {
        try {
            return Files.write(path, content(bytes, seed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A CAR whose root has that many leaves of so many bytes each below it. */
    static Path car(Path path, int leaves, int leafBytes, long seed) {
        List<Block> blocks = new ArrayList<>();
        try {
            Cid root = UnixFsBuilder.build(new ByteArrayInputStream(content(leaves * leafBytes, seed)),
                    new UnixFsLayout(leafBytes, 174, Multihash.SHA2_256, -1), new UnixFsBuilder.Sink() {
                        @Override
                        public void leaf(Block leaf, long offset) {
                            blocks.add(leaf);
                        }

                        @Override
                        public void node(Block node) {
                            blocks.add(node);
                        }
                    });
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
                CarWriter car = new CarWriter(out, List.of(root));
                for (Block block : blocks) {
                    car.write(block);
                }
            }
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] content(int bytes, long seed) {
        byte[] content = new byte[bytes];
        new Random(seed).nextBytes(content);
        return content;
    }
}
