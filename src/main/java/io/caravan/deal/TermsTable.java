package io.caravan.deal;

import static io.caravan.deal.Rule.unless;

import io.caravan.chain.HeadView;
import io.caravan.model.DealProposal;
import io.caravan.model.TokenAmount;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * The checks of a signed proposal's terms: against our limits, our ask and what the chain says of the client
 * (deal-lifecycle §7.1, V10 to V20). The order of the list decides which reason a client reads.
 */
final class TermsTable {

    /** Networks with sectors this small take verified deals of 256 bytes, all others of 1 MiB (chain-and-rpc §4.4). */
    private static final long SMALL_SECTOR = 8L << 20;
    private static final long SMALL_VERIFIED = 256;
    private static final long USUAL_VERIFIED = 1L << 20;

    private final HeadView chain;
    private final AcceptConfig config;
    private final Duplicates duplicates;

    TermsTable(HeadView chain, AcceptConfig config, Duplicates duplicates) {
        this.chain = chain;
        this.config = config;
        this.duplicates = duplicates;
    }

    List<Rule> rules() {
        return List.of(
                new Rule("V10", "duration-out-of-bounds", this::duration),
                new Rule("V11", "end-too-far", this::end),
                new Rule("V12", "collateral-too-low", this::collateralFloor),
                new Rule("V13", "collateral-too-high", this::collateralCeiling),
                new Rule("V-ask-expired", TermsTable::askAge),
                new Rule("V14", "price-below-ask", TermsTable::price),
                new Rule("V15", "piece-too-small", TermsTable::smallest),
                new Rule("V16", "piece-too-big", TermsTable::biggest),
                new Rule("V-sector-size", TermsTable::sector),
                new Rule("V-verified-minimum", this::verifiedMinimum),
                new Rule("V17", "client-funds-insufficient", this::clientFunds),
                new Rule("V18", "datacap-insufficient", this::datacap),
                new Rule(Duplicates.CODE, Duplicates.NAME, duplicates::fault));
    }

    private Optional<String> duration(Candidate c) {
        return unless(c.duration() >= config.minDuration(), c.duration() + " < " + config.minDuration())
                .or(() -> unless(c.duration() <= config.maxDuration(), c.duration() + " > " + config.maxDuration()));
    }

    private Optional<String> end(Candidate c) {
        long end = c.proposal().endEpoch().value();
        long latest = c.head() + config.maxEndAhead();
        return unless(end <= latest, end + " > " + latest);
    }

    private Optional<String> collateralFloor(Candidate c) {
        return atLeast(c.proposal().providerCollateral(), chainMinimum(c));
    }

    private Optional<String> collateralCeiling(Candidate c) {
        TokenAmount offered = c.proposal().providerCollateral();
        TokenAmount most = chainMinimum(c).times(config.maxCollateralFactor());
        return unless(!offered.isMoreThan(most), offered.atto() + " > " + most.atto());
    }

    private TokenAmount chainMinimum(Candidate c) {
        return chain.collateralBounds(c.proposal().pieceSize(), c.proposal().isVerified()).min();
    }

    private static Optional<String> askAge(Candidate c) {
        long expiry = c.ask().expiry().value();
        return unless(c.head() <= expiry, expiry + " < " + c.head());
    }

    private static Optional<String> price(Candidate c) {
        DealProposal p = c.proposal();
        return atLeast(p.storagePricePerEpoch(), c.ask().minPricePerEpoch(p.pieceSize(), p.isVerified()));
    }

    private static Optional<String> smallest(Candidate c) {
        return atLeast(size(c), c.ask().minPieceSize().bytes());
    }

    private static Optional<String> biggest(Candidate c) {
        return atMost(size(c), c.ask().maxPieceSize().bytes());
    }

    private static Optional<String> sector(Candidate c) {
        return atMost(size(c), c.sectorSize());
    }

    private Optional<String> verifiedMinimum(Candidate c) {
        if (!c.proposal().isVerified()) {
            return Optional.empty();
        }
        return atLeast(size(c), c.sectorSize() <= SMALL_SECTOR ? SMALL_VERIFIED : USUAL_VERIFIED);
    }

    private Optional<String> clientFunds(Candidate c) {
        return atLeast(chain.marketBalance(c.proposal().client()).available(), c.proposal().clientBalanceRequirement());
    }

    private Optional<String> datacap(Candidate c) {
        if (!c.proposal().isVerified()) {
            return Optional.empty();
        }
        BigInteger size = BigInteger.valueOf(size(c));
        return chain.verifiedDatacap(c.proposal().client())
                .map(cap -> unless(cap.compareTo(size) >= 0, cap + " < " + size))
                .orElse(Optional.of("not a verified client"));
    }

    private static long size(Candidate c) {
        return c.proposal().pieceSize().bytes();
    }

    private static Optional<String> atLeast(long size, long least) {
        return unless(size >= least, size + " < " + least);
    }

    private static Optional<String> atMost(long size, long most) {
        return unless(size <= most, size + " > " + most);
    }

    private static Optional<String> atLeast(TokenAmount offered, TokenAmount needed) {
        return unless(!offered.isLessThan(needed), offered.atto() + " < " + needed.atto());
    }
}
