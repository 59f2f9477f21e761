package io.caravan.market;

import io.caravan.libp2p.Stream;

/** Answers {@code /fil/storage/ask/1.1.0}: the ask of a miner of ours, or null for any other. */
public final class AskServer {

    private final AskBook book;
    private final MarketDeadlines deadlines;

    public AskServer(AskBook book, MarketDeadlines deadlines) {
        this.book = book;
        this.deadlines = deadlines;
    }

    /**
     * Serves one stream; the caller closes it, and resets it if this throws.
     *
     * @throws io.caravan.codec.CodecException if the request does not decode
     */
    public void serve(Stream stream) {
        CborStream cbor = new CborStream(stream, Exchange.MAX_MESSAGE, deadlines.ask());
        cbor.read().map(AskRequest::ofCbor).ifPresent(request ->
                cbor.writeLast(new AskResponse(book.find(request.miner()).orElse(null)).toCbor()));
    }
}
