package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import io.caravan.codec.Hashes;
import io.caravan.model.FilAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StackedGraphTest {

    @TempDir
    Path folder;

    @Test
    void findsTheKnownParents() {
        assertThat(ProofVectors.rows("graph.csv")).allSatisfy(row -> {
            int[] parents = PoRep.ofNumber(Long.parseLong(row[0])).graph().parents(Integer.parseInt(row[1]));
            assertThat(text(parents, 0, 6)).isEqualTo(row[2]);
            if (!row[3].equals("-")) {
                assertThat(text(parents, 6, 14)).isEqualTo(row[3]);
            }
        });
    }

    @Test
    void everyNodeIsTheExpanderParentOfEightEdges() {
        StackedGraph graph = PoRep.ofNumber(5).graph();
        int[] edges = new int[graph.nodes()];
        for (int node = 0; node < graph.nodes(); node++) {
            Arrays.stream(graph.parents(node), 6, 14).forEach(parent -> edges[parent]++);
        }
        assertThat(edges).containsOnly(8);
    }

    @Test
    void theRoundFunctionIsBlake2b() {
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            long half = random.nextLong();
            long key = random.nextLong();
            byte[] digest = Hashes.blake2b(64, ByteBuffer.allocate(16).putLong(half).putLong(key).array());
            assertThat(FeistelRound.of(half, key)).isEqualTo(ByteBuffer.wrap(digest).getLong());
        }
    }

    @Test
    void aSharedFileOfParentsIsMadeOnceAndMadeAgainWhenDamaged() throws IOException {
        PoRep porep = new PoRep(6, 1 << 12, 2);
        int[] looked = new int[StackedGraph.PARENTS];
        ParentsFile shared = new ParentsFile(folder);
        Workers workers = new Workers(2, SealWatch.NONE);
        shared.of(porep, workers).of(4_000, looked);
        assertThat(looked).isEqualTo(porep.graph().parents(4_000));
        Path file = folder.resolve("parents-6-4096.dat");
        Object made = Files.readAttributes(file, "unix:ino").get("ino");
        shared.of(porep, workers);
        assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isEqualTo(made);

        byte[] damaged = Files.readAllBytes(file);
        damaged[4_000 * 56] ^= 1;
        Files.write(file, damaged);
        shared.of(porep, workers).of(4_000, looked);
        assertThat(looked).isEqualTo(porep.graph().parents(4_000));
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void theMinersNumberIsLeb128() {
        assertThat(PoRep.proverId(FilAddress.ofId(1000))).isEqualTo(Bytes.ofHex("e807" + "00".repeat(30)));
        assertThat(PoRep.proverId(FilAddress.ofId(1234))).isEqualTo(Bytes.ofHex("d209" + "00".repeat(30)));
        assertThat(PoRep.proverId(FilAddress.ofId(127))).isEqualTo(Bytes.ofHex("7f" + "00".repeat(31)));
    }

    private static String text(int[] parents, int from, int to) {
        return Arrays.stream(parents, from, to).mapToObj(Integer::toString).collect(Collectors.joining(" "));
    }
}
