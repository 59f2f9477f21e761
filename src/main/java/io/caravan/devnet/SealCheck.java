package io.caravan.devnet;

import io.caravan.chain.DevnetProof;
import io.caravan.codec.Bytes;

/** Judges the proof of one sector from its public inputs; another sealing engine brings another judge. */
@FunctionalInterface
public interface SealCheck {

    /** Takes nothing but {@link DevnetProof}. */
    SealCheck DEVNET = DevnetProof::isProof;

    /** Whether these bytes prove a sector with these inputs. */
    boolean isProof(Bytes proof, DevnetProof.Inputs inputs);
}
