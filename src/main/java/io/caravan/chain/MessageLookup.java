package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;

/**
 * Where a message landed. {@code message} differs from the CID asked for when a message with the same nonce replaced
 * it;
 * {@code epoch} is that of the tipset whose state first shows the effect, one later than the block that carries the
 * message (chain-and-rpc §4.5).
 */
public record MessageLookup(Cid message, MessageReceipt receipt, Epoch epoch) {
}
