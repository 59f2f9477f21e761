package io.caravan.proofs;

import io.caravan.codec.Cid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether the files of one job are still what was written. A look reads each file once and hashes it, nothing is computed
 * again: seconds for 512 MiB sectors. What a disk changed between a file's writing and its first hash is seen only where a
 * challenge asks for it.
 */
public final class SealedFiles {

    private final SealJob job;
    private final SealJournal journal;

    public SealedFiles(SealJob job) {
        this.job = job;
        this.journal = new SealJournal(job.paths());
    }

    /**
     * All files of a sector that is sealed and not yet finalized, the data not among them.
     *
     * @throws WrongFileException naming the first that is missing, damaged or of another replica
     */
    public void requireSealed(Cid commR) throws IOException {
        journal.require(job.replicaId(), labels());
        journal.require(job.replicaId(), replica());
        requireCommitment(commR);
    }

    /**
     * Those files that the sector is proven with from now on; true also of a sector that was finalized before.
     *
     * @throws WrongFileException naming the first that is missing, damaged or of another replica
     */
    public void requireProvable(Cid commR) throws IOException {
        SectorPaths paths = job.paths();
        if (isTrimmed()) {
            Sealer.requireProvable(job.porep(), paths);
        } else {
            journal.require(job.replicaId(), kept());
        }
        requireCommitment(commR);
    }

    /** Whether the data is there and still what was sealed; of a finalized sector only whether it is there in its length. */
    public boolean hasData() throws IOException {
        SectorPaths paths = job.paths();
        return isTrimmed() ? NodeFiles.exists(paths.unsealed(), job.porep().sectorBytes()) : journal.flaw(job.replicaId(), data()).isEmpty();
    }

    private boolean isTrimmed() {
        SectorPaths paths = job.paths();
        return !Files.exists(paths.journal()) && !Files.exists(paths.layer(1)) && !Files.exists(paths.treeD())
                && !Files.exists(paths.treeC());
    }

    private void requireCommitment(Cid commR) throws IOException {
        Cid there = Sealer.commitments(job.paths()).commR();
        if (!there.equals(commR)) {
            throw new WrongFileException(job.paths().pAux() + " has CommR " + there + ", not " + commR);
        }
    }

    /** What the first step leaves: the layers and the tree over the data. */
    Map<String, Path> labels() {
        Map<String, Path> files = new LinkedHashMap<>();
        for (int layer = 1; layer <= job.porep().layers(); layer++) {
            files.put(SealJournal.layer(layer), job.paths().layer(layer));
        }
        files.put("tree-d", job.paths().treeD());
        return files;
    }

    /** What the second step adds. */
    Map<String, Path> replica() {
        Map<String, Path> files = new LinkedHashMap<>(kept());
        files.put("tree-c", job.paths().treeC());
        return files;
    }

    Map<String, Path> data() {
        return Map.of("unsealed", job.paths().unsealed());
    }

    private Map<String, Path> kept() {
        Map<String, Path> files = new LinkedHashMap<>();
        files.put("sealed", job.paths().sealed());
        files.put("tree-r-last", job.paths().treeRLast());
        files.put("p_aux", job.paths().pAux());
        files.put("t_aux", job.paths().tAux());
        return files;
    }
}
