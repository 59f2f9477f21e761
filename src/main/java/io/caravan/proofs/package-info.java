/**
 * Proofs of replication, computed: the stacked depth-robust graph, its labels, the replica and its trees, byte for byte
 * as the network has them, for sectors of 2 KiB, 8 MiB and 512 MiB (spec sealing §2).
 *
 * <p>Every node is 32 bytes, a little-endian integer below the order of the BLS12-381 scalar field. What is large lies
 * in files that are read in blocks or mapped, so memory does not grow with the sector. Nothing here knows of chains,
 * deals or tables. Where the JVM has wide vectors the same functions run many at a time; results never differ.
 */
@NullMarked
package io.caravan.proofs;

import org.jspecify.annotations.NullMarked;
