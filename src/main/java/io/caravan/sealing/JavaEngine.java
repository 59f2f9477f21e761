package io.caravan.sealing;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.Hashes;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorPiece;
import io.caravan.model.WaitsOn;
import io.caravan.proofs.PoRep;
import io.caravan.proofs.PoseidonTrial;
import io.caravan.proofs.SealCancelledException;
import io.caravan.proofs.SealJob;
import io.caravan.proofs.SealedFiles;
import io.caravan.proofs.Sealer;
import io.caravan.proofs.SectorPaths;
import io.caravan.proofs.WrongDataException;
import io.caravan.proofs.WrongFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Seals in this process, by {@code proofs}: replica, trees and CommR are the network's own, byte for byte. What it
 * cannot make is the succinct proof (C2): the whole vanilla proof stands in its place, declared as such, which only a
 * devnet takes, after it has checked every part.
 */
public final class JavaEngine implements SealingEngine, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(JavaEngine.class);
    private static final int OWN_SEEDS = 2;
    /** Beside the threads' own: parents and rows that all of them use. */
    private static final long SHARED_HEAP = 16L << 20;
    /** A thread's subtree, the labels it hashes and the hash's own batch. */
    private static final long THREAD_HEAP = 12L << 20;
    private static final long SMALL_FILES = 8L << 10;

    private final SectorFiles files;
    private final SectorData data;
    private final Sealer sealer;
    private final int threads;
    private final Progress progress;
    private volatile boolean isClosed;

    /** @param threads at work for one sector at a time */
    public JavaEngine(SectorFiles files, int threads, Progress progress) {
        this.files = files;
        this.data = new SectorData(files, progress);
        this.threads = threads;
        this.sealer = new Sealer(files.shared(), threads);
        this.progress = progress;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(EnumSet.of(SealProof.SEAL_2K, SealProof.SEAL_8M, SealProof.SEAL_512M),
                ProofKind.VANILLA_DEVNET, true);
    }

    /** Labels follow each other, so one core makes them; trees are split over all threads. Layers are mapped, not on the heap. */
    @Override
    public Need need(SealStep step, SealProof proof) {
        return switch (step) {
            case ADD_PIECES -> SectorData.NEED;
            case PRE_COMMIT_1 -> new Need(1, SHARED_HEAP);
            case PRE_COMMIT_2 -> new Need(threads, SHARED_HEAP + threads * THREAD_HEAP);
            case COMMIT_1, COMMIT_2 -> Need.NOTHING;
        };
    }

    /**
     * The layers, tree-d twice and tree-c once the sector's size, which is the spec's five for two layers (sealing 6.3), then
     * the data and the replica; a quarter holds the upper rows of the trees, the small files of a small sector the rest.
     */
    @Override
    public long diskBytes(SealProof proof) {
        long size = proof.sectorSize().bytes();
        return (PoRep.ofNumber(proof.number()).layers() + 5) * size + size / 4 + SMALL_FILES;
    }

    @Override
    public Optional<String> notice() {
        return Optional.of("Sectors are sealed by this program: replicas are real, but the commit proof (C2) is a declared "
                + "devnet proof that no other chain accepts.");
    }

    @Override
    public Cid addPieces(SectorRef sector, List<SectorPiece> pieces, Consumer<SectorPiece> written) {
        return data.addPieces(sector, pieces, written);
    }

    @Override
    public void preCommit1(SectorRef sector, Bytes ticket, Cid commD) {
        data.require(sector);
        PoseidonTrial.beginFor(sector.proof().sectorSize().bytes());
        run(sector, () -> {
            sealer.preCommit1(job(sector, ticket, commD), new EngineWatch(sector, progress, () -> isClosed));
            return null;
        });
    }

    /** Proves what it made for some seeds of its own before anything is promised on chain. */
    @Override
    public Cid preCommit2(SectorRef sector, Bytes ticket, Cid commD) {
        data.require(sector);
        PoseidonTrial.beginFor(sector.proof().sectorSize().bytes()); // a step that a kill broke off begins here
        return run(sector, () -> {
            files.sealedToWrite(sector);
            Cid commR = sealer.preCommit2(job(sector, ticket, commD), new EngineWatch(sector, progress, () -> isClosed))
                    .commR();
            for (byte own = 0; own < OWN_SEEDS; own++) {
                Bytes seed = Bytes.wrap(Hashes.sha256(commR.commitment(), new byte[] {own}));
                VanillaSeal.prove(new SealInputs(sector, commD, commR, ticket, seed), paths(sector));
            }
            return commR;
        });
    }

    @Override
    public void requireSealed(Replica replica) {
        run(replica.sector(), () -> {
            sealed(replica).requireSealed(replica.commR());
            return null;
        });
    }

    @Override
    public void commit1(SealInputs inputs) {
        commit2(inputs);
    }

    @Override
    public Bytes commit2(SealInputs inputs) {
        return run(inputs.sector(), () -> {
            sealed(inputs.replica()).requireSealed(inputs.commR());
            return VanillaSeal.prove(inputs, paths(inputs.sector()));
        });
    }

    @Override
    public Optional<String> sealFlaw(SealInputs inputs, Bytes proof) {
        return VanillaSeal.flaw(inputs, proof);
    }

    /**
     * Layers, tree-d and tree-c go; replica, tree-r-last and commitments stay, the data only if it is asked for: a copy
     * that is damaged is made again from the replica.
     */
    @Override
    public void finalizeSector(Replica replica, boolean keepUnsealed) {
        SectorRef sector = replica.sector();
        SealJob job = job(sector, replica.ticket(), replica.commD());
        run(sector, () -> {
            SealedFiles made = new SealedFiles(job);
            made.requireProvable(replica.commR());
            if (keepUnsealed && !made.hasData()) {
                decoded(job, 0, sector.proof().sectorSize(), sector, progress, whole ->
                        Files.move(whole, files.unsealedToWrite(sector), StandardCopyOption.REPLACE_EXISTING));
            }
            Sealer.trim(job.porep(), job.paths());
            if (!keepUnsealed) {
                Files.deleteIfExists(files.unsealed(sector));
            }
            return null;
        });
    }

    /** From the unsealed copy where there is a whole one, else from the replica. */
    @Override
    public void unseal(UnsealedPiece piece, OutputStream out, Progress heard) {
        SectorRef sector = piece.sector();
        run(sector, () -> {
            if (!isCopied(piece, out)) {
                decoded(job(sector, piece.ticket(), piece.commD()), piece.offset(), piece.piece().size(), sector, heard,
                        decoded -> data.copy(decoded, 0, piece, out));
            }
            return null;
        });
    }

    private boolean isCopied(UnsealedPiece piece, OutputStream out) throws IOException {
        Path copy = files.unsealed(piece.sector());
        if (!Files.exists(copy)) {
            return false;
        }
        try {
            data.copy(copy, piece.offset(), piece, out);
            return true;
        } catch (RedoException e) {
            LOG.warn("the unsealed copy of {} is of no use, the replica is read: {}", piece.sector(), e.getMessage());
            return false;
        }
    }

    /** What takes a file of decoded data. */
    @FunctionalInterface
    private interface Decoded {
        void take(Path file) throws IOException;
    }

    /** Takes a range out of the replica into a file that is gone afterwards; one process at a time, for all use one folder. */
    private void decoded(SealJob job, long offset, PaddedPieceSize size, SectorRef sector, Progress heard, Decoded use)
            throws IOException {
        Path file = Files.createDirectories(files.shared()).resolve("unseal-" + sector.fileName() + ".lock");
        try (FileChannel lock = FileChannel.open(file, CREATE, WRITE); FileLock held = lock.tryLock()) {
            if (held == null) {
                throw new RetryableException(WaitsOn.NODE, "another node reads the replica of " + sector, null);
            }
            Path folder = files.cache(sector).resolve("unseal");
            delete(folder); // what a killed one left
            Files.createDirectories(folder);
            try {
                Path range = folder.resolve("data");
                sealer.unseal(job, offset, size, range, new EngineWatch(sector, heard, () -> isClosed));
                use.take(range);
            } finally {
                delete(folder);
            }
        } catch (OverlappingFileLockException e) {
            throw new RetryableException(WaitsOn.NODE, "the replica of " + sector + " is being read", e);
        }
    }

    @Override
    public void forget(SectorRef sector) {
        run(sector, () -> {
            Files.deleteIfExists(files.sealed(sector));
            Files.deleteIfExists(files.sealed(sector).resolveSibling(sector.fileName() + ".part"));
            delete(files.cache(sector));
            return null;
        });
    }

    @Override
    public void remove(SectorRef sector) {
        forget(sector);
        run(sector, () -> {
            Files.deleteIfExists(files.unsealed(sector));
            return null;
        });
    }

    /** Ends what is computed now; finished layers stay. Their steps are run again by whoever runs steps. */
    @Override
    public void close() {
        isClosed = true;
    }

    private SectorPaths paths(SectorRef sector) {
        return new SectorPaths(files.unsealed(sector), files.sealed(sector), files.cache(sector));
    }

    private SealJob job(SectorRef sector, Bytes ticket, Cid commD) {
        return SealJob.of(porep(sector), sector.miner(), sector.number().value(), ticket, commD, paths(sector));
    }

    private SealedFiles sealed(Replica replica) {
        return new SealedFiles(job(replica.sector(), replica.ticket(), replica.commD()));
    }

    private static PoRep porep(SectorRef sector) {
        return PoRep.ofNumber(sector.proof().number());
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> all = Files.walk(folder)) {
                for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    /** Something that reads and writes a sector's files. */
    @FunctionalInterface
    private interface Work<T> {
        T run() throws IOException;
    }

    private static <T> T run(SectorRef sector, Work<T> work) {
        try {
            return work.run();
        } catch (WrongDataException e) {
            throw RedoException.ofData(String.valueOf(e.getMessage()));
        } catch (WrongFileException e) {
            throw RedoException.ofFiles(String.valueOf(e.getMessage()));
        } catch (SealCancelledException e) {
            throw new RetryableException(WaitsOn.NODE, "the work on " + sector + " was broken off", e);
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot work on the files of " + sector + ": " + e, e);
        }
    }
}
