package io.caravan.market;

import io.caravan.codec.Cid;
import io.caravan.libp2p.Stream;
import io.caravan.model.LogScope;
import io.caravan.model.Role;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code /fil/storage/status/1.1.0} to those who can sign as the deal's client. Every failure is a signed
 * answer too: "no such proposal" or "internal error" (deal-lifecycle §11.2); only a request that does not decode gets
 * none.
 */
public final class StatusServer {

    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);

    private final DealStateBook book;
    private final AnswerVerifier verifier;
    private final AnswerSigner signer;
    private final MarketDeadlines deadlines;

    public StatusServer(DealStateBook book, AnswerVerifier verifier, AnswerSigner signer, MarketDeadlines deadlines) {
        this.book = book;
        this.verifier = verifier;
        this.signer = signer;
        this.deadlines = deadlines;
    }

    /**
     * Serves one stream; the caller closes it, and resets it if this throws.
     *
     * @throws io.caravan.codec.CodecException if the request does not decode
     */
    public void serve(Stream stream) {
        CborStream cbor = new CborStream(stream, Exchange.MAX_MESSAGE, deadlines.status());
        cbor.read().map(DealStatusRequest::ofCbor).ifPresent(request ->
                cbor.writeLast(DealStatusResponse.sign(answer(request), signer).toCbor()));
    }

    private ProviderDealState answer(DealStatusRequest request) {
        Cid proposalCid = request.proposalCid();
        try (LogScope scope = LogScope.of(proposalCid, Role.PROVIDER)) {
            return book.find(proposalCid).map(entry -> answer(request, entry))
                    .orElseGet(() -> ProviderDealState.unanswered(ProviderDealState.NO_SUCH_PROPOSAL));
        } catch (RuntimeException e) {
            LOG.warn("deal {}: its status could not be given: {}", proposalCid, e.toString());
            return ProviderDealState.unanswered(ProviderDealState.INTERNAL_ERROR);
        }
    }

    private ProviderDealState answer(DealStatusRequest request, DealStateBook.Entry entry) {
        boolean isClient = verifier.isBy(entry.client(), DealStatusRequest.signedBytes(request.proposalCid()),
                request.signature());
        return isClient ? entry.state() : ProviderDealState.unanswered(ProviderDealState.INTERNAL_ERROR);
    }
}
