/**
 * Caravan, a Filecoin storage-deal node: middleware asks a daemon, a daemon deals with a miner, both watch one chain.
 *
 * <p>Packages point downward only; docs/architecture.md draws them and the architecture test holds them.
 */
@org.jspecify.annotations.NullMarked
package io.caravan;
