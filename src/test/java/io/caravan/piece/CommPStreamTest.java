package io.caravan.piece;

import static io.caravan.piece.PieceVectors.commP;
import static io.caravan.piece.PieceVectors.constant;
import static io.caravan.piece.PieceVectors.hex;
import static io.caravan.piece.PieceVectors.pattern;
import static io.caravan.piece.PieceVectors.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.codec.Cid;
import io.caravan.model.PaddedPieceSize;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class CommPStreamTest {
    @Test
    void matchesThePublishedVectorsOfConstantPayloads() {
        for (String[] v : rows("commp-constant.csv")) {
            PieceCommitment made = commP(constant(Integer.parseInt(v[0], 16), Integer.parseInt(v[1])));
            assertThat(made.commP()).hasToString(v[3]);
            assertThat(made.size().bytes()).isEqualTo(Long.parseLong(v[2]));
        }
    }

    @Test
    void matchesTheVectorsOfThePatternPayloads() {
        for (String[] v : rows("commp-pattern.csv")) {
            PieceCommitment made = commP(pattern(Integer.parseInt(v[0])));
            assertThat(made.size().bytes()).isEqualTo(Long.parseLong(v[1]));
            assertThat(hex(made.commP().commitment())).isEqualTo(v[2]);
            assertThat(made.commP()).hasToString(v[3]);
            assertThat(made.pieceCidV2()).hasToString(v[4]);
        }
    }

    @Test
    void namesPieceCidV2AsFrc0069Does() {
        byte[] quads = new byte[512];
        for (int i = 0; i < 508; i++) {
            quads[i] = (byte) (i / 127);
        }
        PieceCommitment four = commP(Arrays.copyOf(quads, 508));
        assertThat(four.commP()).hasToString("baga6ea4seaqes3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi");
        assertThat(four.pieceCidV2()).hasToString("bafkzcibcaaces3nobte6ezpp4wqan2age2s5yxcatzotcvobhgcmv5wi2xh5mbi");
        assertThat(commP(quads).pieceCidV2())
                .hasToString("bafkzcibd7abqlxticxolgseegik2stpfgkkuwyf6kufex3doorkvmzpjuxwe4dz4");
        assertThat(commP(new byte[0]).pieceCidV2())
                .hasToString("bafkzcibcp4bdomn3tgwgrh3g532zopskstnbrd2n3sxfqbze7rxt7vqn7veigmy");
    }

    @Test
    void padsAPayloadToALargerPiece() {
        record Case(int payload, long target, String root) {
        }
        for (Case c : new Case[] {
            new Case(127, 128, "c2ac699bb26693c01abe4a93551de64fd72b45404fb7320c416705dde7b2a426"),
            new Case(127, 2048, "bb7a4013ec478502c3e9a627ba97f81fca644038835741c93d61c425925abe36"),
            new Case(1016, 2048, "0d7c06f2ed54176ade362087d15aeed7617286083a6e07b665725ebdf56d3535"),
            new Case(2032, 2048, "c005dcaf8dfd4c0ce119679c1a78cd364db8654a8a6d1036f5b0d6025bf00f35"),
            new Case(2033, 4096, "4004433b9e7978b5c03f1bc37d54199d5619d6480104c0567b1a06770bcc9731")}) {
            PieceCommitment made = commP(constant(0xcc, c.payload())).paddedTo(new PaddedPieceSize(c.target()));
            assertThat(hex(made.commP().commitment())).isEqualTo(c.root());
            assertThat(made.payloadBytes()).isEqualTo(c.payload());
        }
    }

    @Test
    void refusesAPieceThatIsTooSmallForThePayload() {
        PieceCommitment made = commP(new byte[2033]);
        assertThatThrownBy(() -> made.paddedTo(new PaddedPieceSize(2048)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("4096");
    }

    @Test
    void hasTheZeroCommitmentsOfTheTable() {
        for (String[] v : rows("zero-commitments.csv")) {
            int level = Integer.parseInt(v[0]);
            assertThat(hex(ZeroCommitments.root(level))).isEqualTo(v[1]);
        }
        assertThat(ZeroCommitments.commP(new PaddedPieceSize(1L << 35)))
                .hasToString("baga6ea4seaqao7s73y24kcutaosvacpdjgfe5pw76ooefnyqw4ynr3d2y6x2mpq");
    }

    @Test
    void givesTheSameForAnySplitOfTheWrites() throws IOException {
        long seed = System.nanoTime();
        System.err.println("CommPStreamTest seed " + seed);
        Random random = new Random(seed);
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 12; round++) {
                byte[] payload = new byte[random.nextInt(700_000)];
                random.nextBytes(payload);
                Cid whole = commP(payload).commP();
                assertThat(inParts(new CommPStream(), payload, random)).as("seed %d", seed).isEqualTo(whole);
                assertThat(inParts(CommPStream.on(two, 3), payload, random)).as("seed %d", seed).isEqualTo(whole);
                assertThat(inParts(CommPStream.on(r -> { }, 2), payload, random)).as("seed %d", seed).isEqualTo(whole);
            }
        } finally {
            two.shutdownNow();
        }
    }

    private static Cid inParts(CommPStream stream, byte[] payload, Random random) throws IOException {
        int at = 0;
        while (at < payload.length) {
            int n = Math.min(payload.length - at, 1 + random.nextInt(random.nextBoolean() ? 300 : 300_000));
            if (n == 1) {
                stream.write(payload[at]);
            } else {
                stream.write(payload, at, n);
            }
            at += n;
        }
        return stream.finish().commP();
    }

    @Test
    void takesNothingMoreOnceFinished() throws IOException {
        var stream = new CommPStream();
        stream.finish();
        assertThatThrownBy(() -> stream.write(1)).isInstanceOf(IOException.class);
        assertThatThrownBy(stream::finish).isInstanceOf(IOException.class);
    }

    @Test
    void streamsThirtyTwoMebibytesOfZeros() throws IOException {
        assertThat(zeros(32L << 20).commP()).isEqualTo(ZeroCommitments.commP(new PaddedPieceSize(64 << 20)));
    }

    @Test
    @Tag("soak")
    void streamsTwoHundredFiftySixMebibytesOfZeros() throws IOException {
        assertThat(zeros(256L << 20).commP()).isEqualTo(ZeroCommitments.commP(new PaddedPieceSize(512 << 20)));
    }

    private static PieceCommitment zeros(long bytes) throws IOException {
        var stream = new CommPStream();
        byte[] part = new byte[50_000];
        for (long left = bytes; left > 0; left -= part.length) {
            stream.write(part, 0, (int) Math.min(left, part.length));
        }
        assertThat(stream.payloadBytes()).isEqualTo(bytes);
        return stream.finish();
    }
}
