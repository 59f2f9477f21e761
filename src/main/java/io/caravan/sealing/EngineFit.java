package io.caravan.sealing;

import io.caravan.chain.NetworkParams;
import io.caravan.sealing.SealingEngine.Capabilities;
import io.caravan.sealing.SealingEngine.ProofKind;
import java.util.Optional;

/** Whether an engine's proofs are worth anything on a chain. */
public final class EngineFit {

    private EngineFit() {}

    /**
     * Why no sector may be sealed with this engine for this chain, and what to do; empty when it may. An engine without
     * succinct proofs would lose the deposit of every sector on any chain but the embedded devnet.
     */
    public static Optional<String> refusal(Capabilities engine, NetworkParams network) {
        if (engine.proofKind() == ProofKind.GROTH16 || network.isDevnet()) {
            return Optional.empty();
        }
        return Optional.of("the chain is " + network.name() + ", and this sealing engine's proofs (" + engine.proofKind()
                + ") are taken by the embedded devnet (" + NetworkParams.DEVNET
                + ") only: every sector would lose its deposit. Set chain.url to a devnet, or sealing.engine to one that makes"
                + " the network's own proofs");
    }
}
