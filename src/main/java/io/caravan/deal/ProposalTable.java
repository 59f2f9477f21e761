package io.caravan.deal;

import static io.caravan.deal.Rule.unless;

import io.caravan.crypto.CryptoException;
import io.caravan.crypto.Signatures;
import io.caravan.model.DataRef;
import io.caravan.model.DealLabel;
import io.caravan.model.TokenAmount;
import java.util.List;
import java.util.Optional;

/**
 * The checks of a proposal by its bytes, the cheap ones first and its signature last (deal-lifecycle §7.1, §7.6). The order
 * of the list decides which reason a client reads.
 */
final class ProposalTable {

    private static final TokenAmount ALL_FIL = TokenAmount.ofFil(2_000_000_000);
    private static final int QUOTED = 32;

    private ProposalTable() {}

    static List<Rule> rules() {
        return List.of(
                new Rule("V6", "piece-cid-undefined", c -> unless(c.proposal().pieceCid() != null, "")),
                new Rule("V3", "wrong-provider", ProposalTable::provider),
                new Rule("V4", "label-too-long", ProposalTable::label),
                new Rule("V-label-utf8", c -> unless(c.proposal().label().isLegal(), "a label of text must be UTF-8")),
                new Rule("V5", "piece-size-invalid",
                        c -> unless(c.proposal().pieceSize().isLegal(), c.proposal().pieceSize().bytes() + " bytes")),
                new Rule("V7", "piece-cid-prefix",
                        c -> unless(c.proposal().pieceCid().isCommP(), c.proposal().pieceCid().toString())),
                new Rule("V8", "end-before-start", ProposalTable::order),
                new Rule("V-data-ref", ProposalTable::dataRef),
                new Rule("V-transfer-type", ProposalTable::transferType),
                new Rule("V-client-collateral", ProposalTable::clientCollateral),
                new Rule("V9", "start-elapsed", ProposalTable::start),
                new Rule("V2", "bad-signature", ProposalTable::signature));
    }

    private static Optional<String> provider(Candidate c) {
        return unless(c.proposal().provider().equals(c.ours()), c.proposal().provider() + " is not " + c.ours());
    }

    private static Optional<String> label(Candidate c) {
        int length = c.proposal().label().raw().size();
        return unless(length <= DealLabel.MAX_BYTES, length + " > " + DealLabel.MAX_BYTES);
    }

    /** Compares, and does not subtract: epochs that a stranger wrote may be of any size. */
    private static Optional<String> order(Candidate c) {
        long start = c.proposal().startEpoch().value();
        long end = c.proposal().endEpoch().value();
        return unless(end > start, end + " <= " + start);
    }

    /** What the client says of its data beside the proposal must be the proposal's data. */
    private static Optional<String> dataRef(Candidate c) {
        DataRef data = c.data();
        long ours = c.proposal().pieceSize().unpadded().bytes();
        long said = data.pieceSize().bytes();
        return unless(data.pieceCid() == null || data.pieceCid().equals(c.proposal().pieceCid()),
                data.pieceCid() + " is not " + c.proposal().pieceCid())
                .or(() -> unless(said == 0 || said == ours, said + " unpadded bytes are not " + ours));
    }

    private static Optional<String> transferType(Candidate c) {
        String type = c.data().transferType();
        return unless(type.equals(DataRef.GRAPHSYNC) || type.equals(DataRef.MANUAL),
                "'" + Quoted.text(type, QUOTED) + "' is neither " + DataRef.GRAPHSYNC + " nor " + DataRef.MANUAL);
    }

    private static Optional<String> clientCollateral(Candidate c) {
        TokenAmount offered = c.proposal().clientCollateral();
        return unless(!offered.isNegative(), offered.atto() + " < 0")
                .or(() -> unless(!offered.isMoreThan(ALL_FIL), offered.atto() + " > " + ALL_FIL.atto()));
    }

    private static Optional<String> start(Candidate c) {
        long start = c.proposal().startEpoch().value();
        return unless(c.head() <= start, start + " < " + c.head());
    }

    private static Optional<String> signature(Candidate c) {
        String fault = "of " + c.proposal().client();
        try {
            return unless(Signatures.verify(c.signed().signature(), c.signer(), c.proposal().toCbor()), fault);
        } catch (CryptoException e) {
            return Optional.of(fault);
        }
    }
}
