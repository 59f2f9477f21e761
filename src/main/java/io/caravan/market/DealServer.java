package io.caravan.market;

import io.caravan.codec.CodecException;
import io.caravan.libp2p.Stream;

/**
 * Serves {@code /fil/storage/mk/1.1.1} and 1.1.0: decodes a proposal, lets the desk decide, signs and sends the answer.
 * What does not decode ends the stream without an answer (wire-protocols §5.4).
 */
public final class DealServer {

    private final DealDesk desk;
    private final AnswerSigner signer;
    private final MarketDeadlines deadlines;

    public DealServer(DealDesk desk, AnswerSigner signer, MarketDeadlines deadlines) {
        this.desk = desk;
        this.signer = signer;
        this.deadlines = deadlines;
    }

    /**
     * Serves one stream, for as long as the desk thinks; the caller closes it, and resets it if this throws.
     *
     * @throws CodecException if the proposal does not decode, or its label is bytes where 1.1.0 knows only text
     */
    public void serve(Stream stream) {
        CborStream cbor = new CborStream(stream, Exchange.MAX_MESSAGE, deadlines.proposal());
        cbor.read().map(bytes -> decode(stream, bytes))
                .flatMap(proposal -> desk.receive(stream.remotePeer(), proposal))
                .ifPresent(answer -> cbor.writeLast(SignedResponse.sign(answer, signer).toCbor()));
    }

    private static ProposalMessage decode(Stream stream, byte[] bytes) {
        ProposalMessage proposal = ProposalMessage.ofCbor(bytes);
        boolean isText = proposal.proposal().proposal().label().isText();
        if (!isText && MarketProtocols.DEAL_TEXT_LABEL.equals(stream.protocol())) {
            throw new CodecException("a label of bytes on " + stream.protocol());
        }
        return proposal;
    }
}
