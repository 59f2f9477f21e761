package io.caravan.node.bench;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.piece.PairKernels;
import io.caravan.piece.ZeroCommitments;
import io.caravan.proofs.PoRep;
import io.caravan.proofs.PoseidonKernels;
import io.caravan.proofs.SealJob;
import io.caravan.proofs.SealWatch;
import io.caravan.proofs.Sealer;
import io.caravan.proofs.SectorPaths;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@code bench seal}: Poseidon hashes a second, arity by arity, of every kernel this JVM has, then a whole 8 MiB sector
 * of zeros sealed on two threads in a temporary folder, checked against its known CommR.
 */
public final class SealBench {

    private static final int PROOF_8_MIB = 6;
    private static final int THREADS = 2;
    private static final String COMM_R = "062b430c66404709af25b87df118ea72284891787785aac3760c9b8b92a64d3e";

    private SealBench() {
    }

    /** Takes about half a minute. */
    public static void run(PrintStream out) throws IOException {
        out.printf(Locale.ROOT, "sealing, Java %s, %d processors%n", System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        for (int arity : new int[] {2, 4, 8, 11}) {
            out.println(PoseidonKernels.rates(arity));
        }
        out.println(PairKernels.choose());
        out.println(PoseidonKernels.choose());
        Path folder = Files.createTempDirectory("caravan-bench-seal-");
        try {
            seal(folder, out, "first sector, parents computed");
            seal(folder, out, "second sector, parents there  ");
        } finally {
            delete(folder);
        }
    }

    private static void seal(Path folder, PrintStream out, String which) throws IOException {
        PoRep porep = PoRep.ofNumber(PROOF_8_MIB);
        SectorPaths paths =
                new SectorPaths(folder.resolve("unsealed"), folder.resolve("sealed"), folder.resolve("cache"));
        try (RandomAccessFile data = new RandomAccessFile(paths.unsealed().toFile(), "rw")) {
            data.setLength(porep.sectorBytes());
        }
        Cid commD = ZeroCommitments.commP(PaddedPieceSize.of(porep.sectorBytes()));
        SealJob job = SealJob.of(porep, FilAddress.ofId(1000), 1, Bytes.wrap(new byte[32]), commD, paths);
        Sealer sealer = new Sealer(folder.resolve("shared"), THREADS);
        long start = System.nanoTime();
        sealer.preCommit1(job, SealWatch.NONE);
        long middle = System.nanoTime();
        Cid commR = sealer.preCommit2(job, SealWatch.NONE).commR();
        long end = System.nanoTime();
        if (!commR.equals(Cid.commR(Bytes.ofHex(COMM_R).toArray()))) {
            throw new IllegalStateException("the sector has the commitment " + commR + ", not the known one");
        }
        out.printf(Locale.ROOT, "8 MiB, %d threads, %s: PC1 %.2f s + PC2 %.2f s = %.2f s%n", THREADS, which,
                (middle - start) / 1e9, (end - middle) / 1e9, (end - start) / 1e9);
        delete(paths.cache());
        for (Path file : List.of(paths.unsealed(), paths.sealed())) {
            Files.delete(file);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
