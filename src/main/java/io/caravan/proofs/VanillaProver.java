package io.caravan.proofs;

import io.caravan.proofs.VanillaProof.Challenged;
import io.caravan.proofs.VanillaProof.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes the vanilla proof of a sealed sector from its files (C1). */
public final class VanillaProver {

    private final SealedSector sector;
    private final SectorTree data;
    private final SectorTree columns;
    private final SectorTree replica;

    private VanillaProver(SealedSector sector, SectorTree data, SectorTree columns, SectorTree replica) {
        this.sector = sector;
        this.data = data;
        this.columns = columns;
        this.replica = replica;
    }

    /**
     * The proof of the statement, held against it before it is returned.
     *
     * @throws WrongFileException a file is missing, cut short or holds something else than what was sealed; the message
     *     names the file, or the first check that fails
     */
    public static VanillaProof prove(SealStatement statement, SectorPaths files) throws IOException {
        SealedSector sector = new SealedSector(statement.kind(), files);
        List<Challenged> challenges = new ArrayList<>();
        try (SectorTree data = sector.treeD(); SectorTree columns = sector.treeC();
                SectorTree replica = sector.treeRLast()) {
            VanillaProver prover = new VanillaProver(sector, data, columns, replica);
            for (int node : statement.challenges()) {
                challenges.add(prover.challenged(node));
            }
        }
        VanillaProof proof = new VanillaProof(challenges);
        Optional<String> flaw = VanillaCheck.flaw(statement, proof);
        if (flaw.isPresent()) {
            throw new WrongFileException("the files of sector " + statement.sector() + " do not prove it: " + flaw.get());
        }
        return proof;
    }

    private Challenged challenged(int node) throws IOException {
        List<Column> all = new ArrayList<>();
        all.add(column(node));
        for (int parent : sector.porep().graph().parents(node)) {
            all.add(column(parent));
        }
        return new Challenged(node, data.proof(node), replica.proof(node), all);
    }

    private Column column(int node) throws IOException {
        return new Column(node, sector.column(node), columns.proof(node));
    }
}
