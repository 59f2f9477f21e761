/**
 * Keys, signatures and ciphers: Filecoin wallets (secp256k1, BLS), libp2p identity keys and what Noise needs. Native
 * libraries sit behind providers that say clearly when they are absent.
 */
@NullMarked
package io.caravan.crypto;

import org.jspecify.annotations.NullMarked;
