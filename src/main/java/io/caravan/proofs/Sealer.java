package io.caravan.proofs;

import io.caravan.codec.Bytes;
import io.caravan.model.PaddedPieceSize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Seals sectors: data to replica and commitments, in two steps that may each begin again after a crash and then come to
 * the same files. Fails with {@link WrongFileException} when the files are not what the job says, {@link
 * SealCancelledException} when it is told to end, {@link IOException} when the disk fails.
 */
public final class Sealer {

    private static final int DECODED_AT_ONCE = 1 << 20;

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
        SealJournal journal = new SealJournal(job.paths());
        int whole = journal.layers(job.replicaId(), job.porep().layers());
        journal.begin(job.replicaId(), whole);
        journal.add(job.replicaId(), Map.of("tree-d", job.paths().treeD()));
        if (whole < job.porep().layers()) {
            labels(job, journal, whole, workers);
        }
    }

    private void labels(SealJob job, SealJournal journal, int whole, Workers workers) throws IOException {
        LabelLayer maker = new LabelLayer(job.replicaId(), job.porep().nodes(), parents.of(job.porep(), workers),
                workers.watch());
        for (int layer = whole + 1; layer <= job.porep().layers(); layer++) {
            maker.make(layer, job.paths().layer(layer), layer == 1 ? null : job.paths().layer(layer - 1));
            journal.add(job.replicaId(), Map.of(SealJournal.layer(layer), job.paths().layer(layer)));
        }
    }

    /**
     * The replica and the trees over columns and replica. Looks at the first step's files before and after it read them,
     * and at the data while it reads it: what it commits to was made of nothing else.
     */
    public ReplicaCommitments preCommit2(SealJob job, SealWatch watch) throws IOException {
        SealJournal journal = new SealJournal(job.paths());
        SealedFiles files = new SealedFiles(job);
        journal.require(job.replicaId(), files.labels());
        Workers workers = new Workers(threads, watch);
        Bytes commC = new ColumnTree(job).build(workers);
        Bytes commRLast = new ReplicaTree(job).build(workers);
        ReplicaCommitments made = new ReplicaCommitments(commC, commRLast);
        write(job.paths().tAux(), TemporaryAux.of(job));
        write(job.paths().pAux(), made.toBytes());
        journal.require(job.replicaId(), files.labels());
        journal.add(job.replicaId(), files.replica());
        journal.add(job.replicaId(), files.data());
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

    /** @throws WrongFileException unless replica, tree-r-last and commitments are there in their full length */
    public static void requireProvable(PoRep porep, SectorPaths paths) throws IOException {
        NodeFiles.open(paths.sealed(), porep.sectorBytes()).close();
        new SealedSector(porep, paths).treeRLast().close();
        commitments(paths);
    }

    /**
     * Takes a range of the data out of the replica, into a file of its own that begins with it. Labels that are gone
     * are computed again beside that file.
     *
     * @param offset in padded bytes, as {@code size}; the range begins with a node
     */
    public void unseal(SealJob job, long offset, PaddedPieceSize size, Path into, SealWatch watch) throws IOException {
        PoRep porep = job.porep();
        SectorPaths paths = job.paths();
        if (new SealJournal(paths).layers(job.replicaId(), porep.layers()) < porep.layers()) {
            paths = new SectorPaths(paths.unsealed(), paths.sealed(),
                    into.resolveSibling(into.getFileName() + "-labels"));
            Files.createDirectories(paths.cache());
            SealJournal journal = new SealJournal(paths);
            journal.begin(job.replicaId(), 0);
            labels(new SealJob(porep, job.replicaId(), job.commD(), paths), journal, 0, new Workers(threads, watch));
        }
        try (FileChannel replica = NodeFiles.open(paths.sealed(), porep.sectorBytes());
                FileChannel labels = NodeFiles.open(paths.layer(porep.layers()), porep.sectorBytes())) {
            NodeFiles.replace(into, out -> decode(replica, labels, offset, size.bytes(), out, watch));
        }
    }

    private static void decode(FileChannel replica, FileChannel labels, long offset, long bytes, FileChannel out,
            SealWatch watch) throws IOException {
        NodeCoder coder = new NodeCoder();
        byte[] nodes = new byte[(int) Math.min(bytes, DECODED_AT_ONCE)];
        byte[] label = new byte[nodes.length];
        for (long at = 0; at < bytes; at += nodes.length) {
            watch.check();
            int length = (int) Math.min(nodes.length, bytes - at);
            NodeFiles.read(replica, offset + at, nodes, 0, length);
            NodeFiles.read(labels, offset + at, label, 0, length);
            coder.decode(nodes, 0, label, 0, length / PoRep.NODE);
            NodeFiles.write(out, at, nodes, length);
            watch.at("decode", (at + length) / PoRep.NODE, bytes / PoRep.NODE);
        }
    }

    /**
     * Deletes what proving the sector later does not need: layers, tree-d and tree-c. The replica and the data stay.
     */
    public static void trim(PoRep porep, SectorPaths paths) throws IOException {
        for (int layer = 1; layer <= porep.layers(); layer++) {
            Files.deleteIfExists(paths.layer(layer));
        }
        Files.deleteIfExists(paths.treeD());
        Files.deleteIfExists(paths.treeC());
        Files.deleteIfExists(paths.journal()); // last: what is left of a half trimmed sector can still be looked at
    }

    private static void write(Path file, Bytes bytes) throws IOException {
        NodeFiles.replace(file, channel -> NodeFiles.write(channel, 0, bytes.toArray(), bytes.size()));
    }
}
