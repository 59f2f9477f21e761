package io.caravan.sealing;

import io.caravan.chain.NetworkParams;
import io.caravan.model.PaddedPieceSize;
import io.caravan.sealing.SealingEngine.Capabilities;
import io.caravan.sealing.SealingEngine.ProofKind;
import java.util.Optional;

/** Whether an engine's sectors are worth anything on a chain. */
public final class EngineFit {

    private EngineFit() {}

    /**
     * Why no sector may be sealed with this engine for this miner, and what to do, as the end of a sentence that begins with
     * the engine's name; empty when it may. An engine without succinct proofs would lose the deposit of every sector on any
     * chain but the embedded devnet, and there on one that takes other proofs.
     *
     * @param sectorSize of the miner on chain
     */
    public static Optional<String> refusal(Capabilities engine, NetworkParams network, PaddedPieceSize sectorSize) {
        if (engine.proofKind() != ProofKind.GROTH16 && !network.isDevnet()) {
            return Optional.of("does not fit this chain: it is " + network.name() + ", and the engine's proofs (" + engine.proofKind()
                    + ") are taken by the embedded devnet (" + NetworkParams.DEVNET
                    + ") only, so every sector would lose its deposit. Set chain.url to a devnet, or sealing.engine = lotus-miner");
        }
        String wanted = network.proofs();
        if (network.isDevnet() && !wanted.isEmpty() && !wanted.equals(name(engine.proofKind()))) {
            return Optional.of("does not fit this devnet: it takes " + wanted + " proofs (devnet.proofs), and the engine's are "
                    + engine.proofKind() + ", so no sector would ever be proven. Set "
                    + (wanted.equals(NetworkParams.VANILLA_PROOFS) ? "sealing.engine = java" : "sealing.engine = placeholder")
                    + " here, or devnet.proofs = " + name(engine.proofKind()) + " where the devnet starts");
        }
        if (engine.proofs().stream().noneMatch(proof -> proof.sectorSize().equals(sectorSize))) {
            return Optional.of("does not fit this miner: its sectors have " + sectorSize.bytes() + " bytes, and the engine seals "
                    + String.join(", ", engine.proofs().stream().map(proof -> Long.toString(proof.sectorSize().bytes())).toList())
                    + ". Make a miner with another miner.sector-size (a new home folder), or set sealing.engine = lotus-miner");
        }
        return Optional.empty();
    }

    private static String name(ProofKind kind) {
        return kind == ProofKind.PLACEHOLDER ? NetworkParams.PLACEHOLDER_PROOFS : NetworkParams.VANILLA_PROOFS;
    }
}
