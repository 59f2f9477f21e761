package io.caravan.libp2p;

/** Serves the streams that peers open for one protocol. */
@FunctionalInterface
public interface StreamHandler {

    /**
     * Serves one stream on a worker thread and may block within the stream's deadlines. When it returns the host closes
     * the stream, when it throws the host resets it.
     */
    void handle(Stream stream) throws Exception;
}
