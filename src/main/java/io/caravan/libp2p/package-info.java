/**
 * A libp2p host on Netty: TCP, multistream-select, Noise, yamux, identify and ping, and nothing of Filecoin. Its one
 * idea: a peer may use only what it was granted. Every byte, stream, connection and second that a remote can cause is
 * bounded before it is spent, and a stream's window is refilled only when our side has consumed what came in.
 */
@NullMarked
package io.caravan.libp2p;

import org.jspecify.annotations.NullMarked;
