/**
 * Bytes to values and back: varints, bases, multihashes, CIDs, CBOR by the network's rules, minimal protobuf and the
 * JSON shapes of Lotus. Every decoder here treats its input as hostile: lengths, counts and depth are bounded, nothing
 * is allocated from a declared length, and whatever is wrong ends in a {@link io.caravan.codec.CodecException}.
 */
@NullMarked
package io.caravan.codec;

import org.jspecify.annotations.NullMarked;
