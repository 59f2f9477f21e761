/**
 * Whether daemons and miners find each other: what the chain says about a miner's address against what is true, and the
 * checks of {@code doctor} (spec libp2p 1.14).
 */
@NullMarked
package io.caravan.node.net;

import org.jspecify.annotations.NullMarked;
