package io.caravan.piece;

import java.io.IOException;

/** Takes the Fr32-expanded bytes of a piece in order; the array belongs to the caller again after the call. */
@FunctionalInterface
interface PaddedSink {
    void accept(byte[] padded, int length) throws IOException;
}
