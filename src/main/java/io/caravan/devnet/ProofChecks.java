package io.caravan.devnet;

import io.caravan.chain.NetworkParams;

/**
 * Which proofs a devnet takes.
 *
 * @param name what it calls them to whoever asks for the network's parameters
 * @param seals of sectors that were just sealed
 * @param posts of sectors that are still there
 */
public record ProofChecks(String name, SealCheck seals, PostCheck posts) {

    /** Seal proofs are declared placeholders, and nobody is asked for more. */
    public static final ProofChecks PLACEHOLDER = new ProofChecks(NetworkParams.PLACEHOLDER_PROOFS, SealCheck.PLACEHOLDER, PostCheck.NONE);

    /** Vanilla proofs, all of each checked: of sectors just sealed and, deadline after deadline, of those still there. */
    public static ProofChecks vanilla() {
        return VanillaChecks.make();
    }
}
