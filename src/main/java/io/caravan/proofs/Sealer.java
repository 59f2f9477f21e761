package io.caravan.proofs;

import io.caravan.codec.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Seals sectors: data to replica and commitments, in two steps that may each begin again after a crash and then come to
 * the same files. Fails with {@link WrongFileException} when the files are not what the job says, {@link
 * SealCancelledException} when it is told to end, {@link IOException} when the disk fails.
 */
public final class Sealer {

    private final ParentsFile parents;
    private final int threads;

    /**
     * @param shared a folder for what all sectors of one size share: 14 MiB for 8 MiB sectors, 940 MB for 512 MiB
     * @param threads at work at a time, the caller's among them
     */
    public Sealer(Path shared, int threads) {
        this.parents = new ParentsFile(shared);
        this.threads = threads;
    }

    /**
     * The tree over the data and the layers of labels. Layers that are there and whole for this replica are not made
     * again; those of another replica are overwritten.
     */
    public void preCommit1(SealJob job, SealWatch watch) throws IOException {
        Files.createDirectories(job.paths().cache());
        Workers workers = new Workers(threads, watch);
        new DataTree(job).build(workers);
        LabelJournal journal = new LabelJournal(job.paths());
        int whole = Math.min(journal.whole(job.replicaId(), job.porep().sectorBytes()), job.porep().layers());
        journal.begin(job.replicaId(), whole);
        if (whole < job.porep().layers()) {
            labels(job, journal, whole, workers);
        }
    }

    private void labels(SealJob job, LabelJournal journal, int whole, Workers workers) throws IOException {
        LabelLayer maker = new LabelLayer(job.replicaId(), job.porep().nodes(), parents.of(job.porep(), workers),
                workers.watch());
        for (int layer = whole + 1; layer <= job.porep().layers(); layer++) {
            maker.make(layer, job.paths().layer(layer), layer == 1 ? null : job.paths().layer(layer - 1));
            journal.add(layer);
        }
    }

    /** The replica and the trees over columns and replica. Checks the layers and the data again that it reads. */
    public ReplicaCommitments preCommit2(SealJob job, SealWatch watch) throws IOException {
        int layers = job.porep().layers();
        if (new LabelJournal(job.paths()).whole(job.replicaId(), job.porep().sectorBytes()) < layers) {
            throw new WrongFileException("the layers of labels in " + job.paths().cache()
                    + " are not whole, or not of this ticket");
        }
        Workers workers = new Workers(threads, watch);
        Bytes commC = new ColumnTree(job).build(workers);
        Bytes commRLast = new ReplicaTree(job).build(workers);
        ReplicaCommitments made = new ReplicaCommitments(commC, commRLast);
        write(job.paths().tAux(), TemporaryAux.of(job));
        write(job.paths().pAux(), made.toBytes());
        return made;
    }

    /** The commitments of a sector that was sealed. */
    public static ReplicaCommitments commitments(SectorPaths paths) throws IOException {
        try {
            return ReplicaCommitments.ofBytes(Bytes.wrap(Files.readAllBytes(paths.pAux())));
        } catch (NoSuchFileException e) {
            throw new WrongFileException(paths.pAux() + " is gone");
        }
    }

    /**
     * Deletes what proving the sector later does not need: layers, tree-d and tree-c. The replica and the data stay.
     */
    public static void trim(PoRep porep, SectorPaths paths) throws IOException {
        for (int layer = 1; layer <= porep.layers(); layer++) {
            Files.deleteIfExists(paths.layer(layer));
        }
        Files.deleteIfExists(paths.labelJournal());
        Files.deleteIfExists(paths.treeD());
        Files.deleteIfExists(paths.treeC());
    }

    private static void write(Path file, Bytes bytes) throws IOException {
        NodeFiles.replace(file, channel -> NodeFiles.write(channel, 0, bytes.toArray(), bytes.size()));
    }
}
