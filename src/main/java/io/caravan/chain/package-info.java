/**
 * The chain as this node needs it: the tuples actors take and answer with, byte for byte as the network has them
 * (chain-and-rpc §3.4, §4), the one door through which the node reads and sends, and the lane that gives every message
 * one nonce and one chance.
 */
@NullMarked
package io.caravan.chain;

import org.jspecify.annotations.NullMarked;
