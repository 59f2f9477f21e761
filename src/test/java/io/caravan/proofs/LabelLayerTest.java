package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LabelLayerTest {

    private static final int LAYERS = 11;
    private static final Bytes REPLICA = Bytes.ofHex("09".repeat(32));

    @TempDir
    Path folder;

    static List<String[]> published() {
        return ProofVectors.rows("labels.csv");
    }

    @ParameterizedTest
    @MethodSource("published")
    void elevenLayersEndInThePublishedLabel(String id, String version1, String nodes, String label)
            throws IOException {
        int n = Integer.parseInt(nodes);
        StackedGraph graph = new StackedGraph(Bytes.ofHex(id.repeat(32)), n, Boolean.parseBoolean(version1));
        LabelLayer maker = new LabelLayer(REPLICA, n, (node, out) -> graph.parents(node, out, 0), SealWatch.NONE);
        for (int layer = 1; layer <= LAYERS; layer++) {
            maker.make(layer, folder.resolve("layer-" + layer),
                    layer == 1 ? null : folder.resolve("layer-" + (layer - 1)));
        }
        assertThat(label(LAYERS, n - 1).hex()).isEqualTo(label);
        for (int node = 0; node < n; node += 9) {
            assertThat(new LabelHash(REPLICA).of(1, node, parents(graph, node, 1))).isEqualTo(label(1, node));
            assertThat(new LabelHash(REPLICA).of(7, node, parents(graph, node, 7))).isEqualTo(label(7, node));
        }
    }

    private List<Bytes> parents(StackedGraph graph, int node, int layer) throws IOException {
        int[] parents = graph.parents(node);
        List<Bytes> labels = new ArrayList<>();
        for (int i = 0; i < LabelHash.parents(layer); i++) {
            labels.add(label(i < StackedGraph.BASE_PARENTS ? layer : layer - 1, parents[i]));
        }
        return LabelHash.repeated(node, labels);
    }

    private Bytes label(int layer, int node) throws IOException {
        return Bytes.of(Files.readAllBytes(folder.resolve("layer-" + layer)), node * 32, node * 32 + 32);
    }
}
