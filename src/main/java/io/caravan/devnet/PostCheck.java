package io.caravan.devnet;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import java.util.List;
import java.util.Optional;

/** Judges a window proof from its public inputs. */
@FunctionalInterface
public interface PostCheck {

    /** For a chain on which nobody is asked for window proofs. */
    PostCheck NONE = (proof, inputs) -> Optional.of("this chain takes no window proofs");

    /**
     * What a proof is about.
     *
     * @param windowPostProof the registered type
     * @param randomness 32 bytes as drawn
     * @param sectors those to be proven, in the order in which the proof has them
     */
    record Inputs(long windowPostProof, Bytes randomness, List<Sector> sectors) {

        public Inputs {
            sectors = List.copyOf(sectors);
        }
    }

    /** @param sealed CommR */
    record Sector(long number, Cid sealed) {
    }

    /** The first thing that is wrong with the proof; empty when it holds. */
    Optional<String> flaw(Bytes proof, Inputs inputs);
}
