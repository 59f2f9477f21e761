package io.caravan.libp2p;

import java.io.IOException;

/**
 * {@code /echo/1.0.0}: what comes goes back until the peer closes. For tests and measurements, never served by default.
 */
public final class Echo implements StreamHandler {

    /** The id under which js-libp2p has it too. */
    public static final String PROTOCOL = "/echo/1.0.0";

    private static final int BUFFER = 64 * 1024;

    @Override
    public void handle(Stream stream) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int n = stream.in().read(buffer); n >= 0; n = stream.in().read(buffer)) {
            stream.out().write(buffer, 0, n);
        }
        stream.closeWrite();
    }
}
