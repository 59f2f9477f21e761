package io.caravan.devnet;

import io.caravan.chain.SignedMessage;

/** A message that came into the mempool or left it. */
record PoolChange(boolean isAdded, SignedMessage message) {
}
