package io.caravan.sealing;

import io.caravan.codec.Bytes;
import io.caravan.proofs.DevnetSealProof;
import io.caravan.proofs.PoRep;
import io.caravan.proofs.SealStatement;
import io.caravan.proofs.SectorPaths;
import io.caravan.proofs.VanillaProver;
import java.io.IOException;
import java.util.Optional;

/** The proof of an engine that makes no succinct ones: the whole vanilla proof in its declared devnet form. */
final class VanillaSeal {

    private VanillaSeal() {}

    /**
     * Answers the seed's challenges from the sector's files; the answers are checked before they are returned.
     *
     * @throws io.caravan.proofs.WrongFileException when the files do not prove the inputs
     */
    static Bytes prove(SealInputs in, SectorPaths files) throws IOException {
        SealStatement statement = statement(in);
        return DevnetSealProof.encode(statement.kind(), VanillaProver.prove(statement, files));
    }

    /** The first thing that is wrong with the proof; empty when it holds. */
    static Optional<String> flaw(SealInputs in, Bytes proof) {
        return DevnetSealProof.flaw(statement(in), proof);
    }

    private static SealStatement statement(SealInputs in) {
        SectorRef sector = in.sector();
        return new SealStatement(PoRep.ofNumber(sector.proof().number()), sector.miner(), sector.number().value(),
                in.commD(), in.commR(), in.ticket(), in.seed());
    }
}
