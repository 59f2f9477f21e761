package io.caravan.node.sim;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.SectorPiece;
import io.caravan.sealing.Need;
import io.caravan.sealing.Replica;
import io.caravan.sealing.SealInputs;
import io.caravan.sealing.SealProof;
import io.caravan.sealing.SealStep;
import io.caravan.sealing.SealingEngine;
import io.caravan.sealing.SectorRef;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The engine that the settings want, whose steps are places at which a process can be killed, and fail as the script says. */
final class SimEngine implements SealingEngine {

    private final SealingEngine real;
    private final Life life;
    private final Setback setback;

    SimEngine(SealingEngine real, Life life, Setback setback) {
        this.real = real;
        this.life = life;
        this.setback = setback;
    }

    @Override
    public Capabilities capabilities() {
        return real.capabilities();
    }

    @Override
    public Need need(SealStep step, SealProof proof) {
        return real.need(step, proof);
    }

    @Override
    public long diskBytes(SealProof proof) {
        return real.diskBytes(proof);
    }

    @Override
    public Optional<String> notice() {
        return real.notice();
    }

    @Override
    public Cid addPieces(SectorRef sector, List<SectorPiece> pieces, Consumer<SectorPiece> written) {
        begin(sector, "adding pieces");
        return real.addPieces(sector, pieces, written);
    }

    @Override
    public void preCommit1(SectorRef sector, Bytes ticket, Cid commD) {
        beginOnFiles(sector, "pre-commit 1");
        real.preCommit1(sector, ticket, commD);
    }

    @Override
    public Cid preCommit2(SectorRef sector, Bytes ticket, Cid commD) {
        beginOnFiles(sector, "pre-commit 2");
        return real.preCommit2(sector, ticket, commD);
    }

    @Override
    public void commit1(SealInputs inputs) {
        beginOnFiles(inputs.sector(), "commit 1");
        real.commit1(inputs);
    }

    @Override
    public Bytes commit2(SealInputs inputs) {
        begin(inputs.sector(), "commit 2");
        return real.commit2(inputs);
    }

    @Override
    public Optional<String> sealFlaw(SealInputs inputs, Bytes proof) {
        return real.sealFlaw(inputs, proof);
    }

    @Override
    public void requireSealed(Replica replica) {
        life.crossing();
        real.requireSealed(replica);
    }

    @Override
    public void finalizeSector(Replica replica, boolean keepUnsealed) {
        begin(replica.sector(), "finalizing");
        real.finalizeSector(replica, keepUnsealed);
    }

    @Override
    public void unseal(UnsealedPiece piece, OutputStream out, Progress heard) {
        life.crossing();
        real.unseal(piece, out, heard);
    }

    @Override
    public void forget(SectorRef sector) {
        life.crossing();
        real.forget(sector);
    }

    @Override
    public void remove(SectorRef sector) {
        life.crossing();
        real.remove(sector);
    }

    private void begin(SectorRef sector, String step) {
        life.crossing();
        setback.step(sector, step);
    }

    /** Files that are lost are really gone: what comes after must make them again. */
    private void beginOnFiles(SectorRef sector, String step) {
        begin(sector, step);
        if (setback.isLost()) {
            real.remove(sector);
            throw Setback.lost(sector, step);
        }
    }
}
