/**
 * Pieces: how bytes of a user become what a sector stores and the chain names.
 *
 * <p>A file becomes a UnixFS DAG, the DAG a CARv1, the CARv1 a piece: Fr32 expansion and a binary SHA-256 tree whose root is
 * commP. Everything here streams: memory is bounded by a chunk, a tree stack and a list of links, never by the file.
 */
@NullMarked
package io.caravan.piece;

import org.jspecify.annotations.NullMarked;
