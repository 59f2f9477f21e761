package io.caravan.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.piece.UnsealedSector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Objects;

/** The files under {@code vectors/proofs}, and the sectors they speak of. */
final class ProofVectors {

    private ProofVectors() {
    }

    static List<String[]> rows(String name) {
        try (InputStream in = ProofVectors.class.getResourceAsStream("/vectors/proofs/" + name)) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> !line.startsWith("#")).map(line -> line.split(",")).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SectorVector sector(String name) {
        return rows("sectors.csv").stream().filter(row -> row[0].equals(name)).map(SectorVector::new).findFirst()
                .orElseThrow();
    }

    /** One line of sectors.csv. */
    record SectorVector(String name, PoRep porep, FilAddress miner, long number, Bytes ticket, boolean isPattern,
            String commR, String replicaId, String commC, String commRLast) {

        SectorVector(String[] row) {
            this(row[0], PoRep.ofNumber(Long.parseLong(row[1])), FilAddress.ofId(Long.parseLong(row[2])),
                    Long.parseLong(row[3]), Bytes.ofHex(row[4]), row[5].equals("pattern"), row[6], row[7], row[8],
                    row[9]);
        }

        /** Writes the data into {@code folder} and gives the job of sealing it. */
        SealJob job(Path folder) throws IOException {
            SectorPaths paths = new SectorPaths(folder.resolve("unsealed"), folder.resolve("sealed"),
                    folder.resolve("cache"));
            return SealJob.of(porep, miner, number, ticket, writeData(paths.unsealed()), paths);
        }

        private Cid writeData(Path file) throws IOException {
            Files.createDirectories(file.getParent());
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
                    StandardOpenOption.WRITE)) {
                UnsealedSector data = new UnsealedSector(channel);
                PaddedPieceSize size = PaddedPieceSize.of(porep.sectorBytes());
                data.extendTo(size);
                return data.write(0, size, new ByteArrayInputStream(payload())).commP();
            }
        }

        byte[] payload() {
            byte[] payload = new byte[isPattern ? (int) (porep.sectorBytes() / 128 * 127) : 0];
            for (int i = 0; i < payload.length; i++) {
                payload[i] = (byte) ((i * i + 7) % 251);
            }
            return payload;
        }

        void assertMade(SealJob job, ReplicaCommitments made) {
            assertThat(made.commR()).isEqualTo(Cid.commR(Bytes.ofHex(commR).toArray()));
            assertKnown(replicaId, job.replicaId());
            assertKnown(commC, made.commC());
            assertKnown(commRLast, made.commRLast());
        }

        private static void assertKnown(String expected, Bytes actual) {
            if (!expected.equals("-")) {
                assertThat(actual.hex()).isEqualTo(expected);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }
}
