package io.caravan.devnet;

import io.caravan.chain.DevnetProof;
import io.caravan.codec.Bytes;
import java.util.Optional;

/** Judges the proof of one sector from its public inputs; another sealing engine brings another judge. */
@FunctionalInterface
public interface SealCheck {

    /** Takes nothing but {@link DevnetProof}. */
    SealCheck PLACEHOLDER = (proof, inputs) -> DevnetProof.isProof(proof, inputs) ? Optional.empty()
            : Optional.of("it is not the placeholder for these inputs");

    /** The first thing that is wrong with the proof of a sector with these inputs; empty when it holds. */
    Optional<String> flaw(Bytes proof, DevnetProof.Inputs inputs);
}
