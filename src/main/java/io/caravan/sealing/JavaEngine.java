package io.caravan.sealing;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.RetryableException;
import io.caravan.model.SectorPiece;
import io.caravan.model.WaitsOn;
import io.caravan.proofs.PoRep;
import io.caravan.proofs.SealCancelledException;
import io.caravan.proofs.SealJob;
import io.caravan.proofs.Sealer;
import io.caravan.proofs.SectorPaths;
import io.caravan.proofs.WrongFileException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Seals in this process, by {@code proofs}: replica, trees and CommR are the network's own, byte for byte. What it
 * cannot make is the succinct proof (C2): the whole vanilla proof stands in its place, declared as such, which only a
 * devnet takes, after it has checked every part.
 */
public final class JavaEngine implements SealingEngine, AutoCloseable {

    private final SectorFiles files;
    private final SectorData data;
    private final Sealer sealer;
    private final Progress progress;
    private volatile boolean isClosed;

    /** @param threads at work for one sector at a time */
    public JavaEngine(SectorFiles files, int threads, Progress progress) {
        this.files = files;
        this.data = new SectorData(files, progress);
        this.sealer = new Sealer(files.shared(), threads);
        this.progress = progress;
    }

    @Override
    public Capabilities capabilities() {
        return new Capabilities(EnumSet.of(SealProof.SEAL_2K, SealProof.SEAL_8M, SealProof.SEAL_512M),
                ProofKind.VANILLA_DEVNET, true);
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
        run(sector, () -> {
            sealer.preCommit1(job(sector, ticket, commD), new EngineWatch(sector, progress, () -> isClosed));
            return null;
        });
    }

    @Override
    public Cid preCommit2(SectorRef sector, Bytes ticket, Cid commD) {
        data.require(sector);
        return run(sector, () -> {
            files.sealedToWrite(sector);
            return sealer.preCommit2(job(sector, ticket, commD), new EngineWatch(sector, progress, () -> isClosed))
                    .commR();
        });
    }

    @Override
    public void commit1(SealInputs inputs) {
        run(inputs.sector(), () -> {
            VanillaSeal.prove(inputs, paths(inputs.sector()));
            return null;
        });
    }

    @Override
    public Bytes commit2(SealInputs inputs) {
        return run(inputs.sector(), () -> VanillaSeal.prove(inputs, paths(inputs.sector())));
    }

    @Override
    public boolean verifySeal(SealInputs inputs, Bytes proof) {
        return VanillaSeal.flaw(inputs, proof).isEmpty();
    }

    /** Layers, tree-d and tree-c go; replica, tree-r-last and commitments stay, the data only if it is asked for. */
    @Override
    public void finalizeSector(SectorRef sector, boolean keepUnsealed) {
        run(sector, () -> {
            Sealer.requireProvable(porep(sector), paths(sector));
            Sealer.trim(porep(sector), paths(sector));
            if (!keepUnsealed) {
                Files.deleteIfExists(files.unsealed(sector));
            }
            return null;
        });
    }

    @Override
    public void unseal(UnsealedPiece piece, OutputStream out) {
        SectorRef sector = piece.sector();
        run(sector, () -> {
            if (Files.exists(files.unsealed(sector))) {
                data.copy(files.unsealed(sector), piece.offset(), piece, out);
                return null;
            }
            Path folder = Files.createTempDirectory(Files.createDirectories(files.cache(sector)), "unseal-");
            try {
                Path decoded = folder.resolve("data");
                sealer.unseal(job(sector, piece.ticket(), piece.commD()), piece.offset(), piece.piece().size(), decoded,
                        new EngineWatch(sector, progress, () -> isClosed));
                data.copy(decoded, 0, piece, out);
            } finally {
                delete(folder);
            }
            return null;
        });
    }

    @Override
    public void remove(SectorRef sector) {
        run(sector, () -> {
            Files.deleteIfExists(files.unsealed(sector));
            Files.deleteIfExists(files.sealed(sector));
            Files.deleteIfExists(files.sealed(sector).resolveSibling(sector.fileName() + ".part"));
            delete(files.cache(sector));
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
        } catch (WrongFileException e) {
            throw new RedoException(String.valueOf(e.getMessage()));
        } catch (SealCancelledException e) {
            throw new RetryableException(WaitsOn.NODE, "the work on " + sector + " was broken off", e);
        } catch (IOException e) {
            throw new RetryableException(WaitsOn.NODE, "cannot work on the files of " + sector + ": " + e, e);
        }
    }
}
