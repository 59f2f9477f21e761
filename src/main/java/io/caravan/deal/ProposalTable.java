package io.caravan.deal;

import static io.caravan.deal.Rule.unless;

import io.caravan.chain.Chain;
import io.caravan.crypto.Signatures;
import io.caravan.model.DataRef;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Every check of a proposal, in the order in which they run: what the bytes alone tell first, then the signature, then
 * what the chain has to be asked (deal-lifecycle §7.1). The order of the list decides which reason a client reads.
 */
final class ProposalTable {

    private static final TokenAmount ALL_FIL = TokenAmount.ofFil(2_000_000_000);

    private final Chain chain;
    private final AcceptConfig config;

    ProposalTable(Chain chain, AcceptConfig config) {
        this.chain = chain;
        this.config = config;
    }

    List<Rule> rules() {
        return List.of(
                new Rule("V3", "wrong-provider", this::provider),
                new Rule("V4", "label-too-long",
                c -> unless(label(c) <= DealLabel.MAX_BYTES, label(c) + " > " + DealLabel.MAX_BYTES)),
                new Rule("V5", "piece-size-invalid",
                        c -> unless(c.proposal().pieceSize().isLegal(), c.proposal().pieceSize().bytes() + " bytes")),
                new Rule("V6", "piece-cid-undefined", c -> unless(c.proposal().pieceCid() != null, "")),
                new Rule("V7", "piece-cid-prefix", this::piecePrefix),
                new Rule("V8", "end-before-start", this::order),
                new Rule("V9", "start-elapsed", this::start),
                new Rule("V10", "duration-out-of-bounds", this::duration),
                new Rule("V11", "end-too-far", this::end),
                new Rule("V19", "data-ref-differs", this::dataRef),
                new Rule("V2", "bad-signature", this::signature),
                new Rule("V21", "client-collateral", this::clientCollateral),
                new Rule("V12", "collateral-too-low", this::collateralFloor),
                new Rule("V13", "collateral-too-high", this::collateralCeiling),
                new Rule("V22", "ask-expired", this::askAge),
                new Rule("V14", "price-below-ask", this::price),
                new Rule("V15", "piece-too-small", this::smallest),
                new Rule("V16", "piece-too-big", this::biggest),
                new Rule("V17", "client-funds-insufficient", this::clientFunds),
                new Rule("V18", "datacap-insufficient", this::datacap));
    }

    private Optional<String> provider(Candidate c) {
        return unless(c.proposal().provider().equals(c.ours()), c.proposal().provider() + " is not " + c.ours());
    }

    private static int label(Candidate c) {
        return c.proposal().label().raw().size();
    }

    private Optional<String> piecePrefix(Candidate c) {
        return unless(c.proposal().pieceCid().isCommP(), c.proposal().pieceCid().toString());
    }

    private Optional<String> order(Candidate c) {
        return unless(c.duration() > 0, c.proposal().endEpoch().value() + " <= " + c.proposal().startEpoch().value());
    }

    private Optional<String> start(Candidate c) {
        long start = c.proposal().startEpoch().value();
        return unless(c.head().value() <= start, start + " < " + c.head().value());
    }

    private Optional<String> duration(Candidate c) {
        return unless(c.duration() >= config.minDuration(), c.duration() + " < " + config.minDuration())
                .or(() -> unless(c.duration() <= config.maxDuration(), c.duration() + " > " + config.maxDuration()));
    }

    private Optional<String> end(Candidate c) {
        long end = c.proposal().endEpoch().value();
        long latest = c.head().value() + config.maxEndAhead();
        return unless(end <= latest, end + " > " + latest);
    }

    /** What the client says of its data beside the proposal must be the proposal's data. */
    private Optional<String> dataRef(Candidate c) {
        DataRef data = c.data();
        if (data == null || data.pieceCid() == null) {
            return Optional.empty();
        }
        return unless(c.proposal().pieceCid().equals(data.pieceCid()), data.pieceCid() + " is not "
                + c.proposal().pieceCid());
    }

    private Optional<String> signature(Candidate c) {
        DealProposal p = c.proposal();
        return unless(Signatures.verify(c.signed().signature(), chain.accountKey(p.client()), p.toCbor()), "of "
                + p.client());
    }

    private Optional<String> clientCollateral(Candidate c) {
        TokenAmount offered = c.proposal().clientCollateral();
        return unless(!offered.isNegative() && !offered.isMoreThan(ALL_FIL), offered.atto() + " attoFIL");
    }

    private Optional<String> collateralFloor(Candidate c) {
        return atLeast(c.proposal().providerCollateral(), chainMinimum(c));
    }

    private Optional<String> collateralCeiling(Candidate c) {
        TokenAmount most = chainMinimum(c).times(config.maxCollateralFactor());
        return atLeast(most, c.proposal().providerCollateral(), ">");
    }

    private TokenAmount chainMinimum(Candidate c) {
        return chain.collateralBounds(c.proposal().pieceSize(), c.proposal().isVerified()).min();
    }

    private Optional<String> askAge(Candidate c) {
        long expiry = c.ask().expiry().value();
        return unless(c.head().value() <= expiry, expiry + " < " + c.head().value());
    }

    private Optional<String> price(Candidate c) {
        DealProposal p = c.proposal();
        return atLeast(p.storagePricePerEpoch(), c.ask().minPricePerEpoch(p.pieceSize(), p.isVerified()));
    }

    private Optional<String> smallest(Candidate c) {
        return least(c.proposal().pieceSize(), c.ask().minPieceSize());
    }

    private Optional<String> biggest(Candidate c) {
        long most = Math.min(c.ask().maxPieceSize().bytes(), c.sectorSize());
        long size = c.proposal().pieceSize().bytes();
        return unless(size <= most, size + " > " + most);
    }

    private static Optional<String> least(PaddedPieceSize size, PaddedPieceSize least) {
        return unless(size.bytes() >= least.bytes(), size.bytes() + " < " + least.bytes());
    }

    private Optional<String> clientFunds(Candidate c) {
        return atLeast(chain.marketBalance(c.proposal().client()).available(), c.proposal().clientBalanceRequirement());
    }

    private Optional<String> datacap(Candidate c) {
        if (!c.proposal().isVerified()) {
            return Optional.empty();
        }
        BigInteger size = BigInteger.valueOf(c.proposal().pieceSize().bytes());
        return chain.verifiedDatacap(c.proposal().client())
                .map(cap -> unless(cap.compareTo(size) >= 0, cap + " < " + size))
                .orElse(Optional.of("not a verified client"));
    }

    private static Optional<String> atLeast(TokenAmount offered, TokenAmount needed) {
        return unless(offered.compareTo(needed) >= 0, offered.atto() + " < " + needed.atto());
    }

    private static Optional<String> atLeast(TokenAmount most, TokenAmount offered, String sign) {
        return unless(most.compareTo(offered) >= 0, offered.atto() + " " + sign + " " + most.atto());
    }
}
