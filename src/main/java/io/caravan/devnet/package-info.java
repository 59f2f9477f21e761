/**
 * The embedded chain: a mempool, one block an epoch, the market and miner actors, and faults on demand, served as Lotus
 * JSON-RPC (chain-and-rpc §5). Bytes, signatures, CIDs, money and timing are real wherever a node looks; behind the
 * state root things are simple, and no Filecoin node can verify these blocks. The truth is in PostgreSQL, one
 * transaction a tipset.
 */
@NullMarked
package io.caravan.devnet;

import org.jspecify.annotations.NullMarked;
