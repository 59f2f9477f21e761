/**
 * The protocols that two sides of a storage deal speak over libp2p: ask, proposal, status, and the push of the data.
 * Its one idea: a message is decoded whole within bounds before anything looks at it, what it says is checked before
 * anything moves, and what must survive a crash is told to a journal that others keep. No state machine of a deal is
 * here, and no chain.
 */
@NullMarked
package io.caravan.market;

import org.jspecify.annotations.NullMarked;
