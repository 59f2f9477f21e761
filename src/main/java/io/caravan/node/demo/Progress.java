package io.caravan.node.demo;

/**
 * How far a deal's bytes are.
 *
 * @param received bytes the other side has taken
 * @param total bytes of the CAR to send, 0 while unknown
 */
record Progress(long received, long total) {}
