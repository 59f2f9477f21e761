/**
 * What Caravan talks about, as values: addresses, amounts, epochs, pieces, proposals and asks, and the life cycles of
 * deals and sectors. Everything here is immutable and checked when made; nothing here reads a clock or touches the
 * outside.
 */
@NullMarked
package io.caravan.model;

import org.jspecify.annotations.NullMarked;
