package io.caravan.devnet;

import io.caravan.chain.BitField;
import io.caravan.chain.ExitCode;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.Signatures;
import io.caravan.model.DealProposal;
import io.caravan.model.FilAddress;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * PublishStorageDeals (chain-and-rpc §4.2, deal-lifecycle §7.7). A deal that fails a check is dropped alone; the
 * message fails only when its provider or caller is wrong, or when no deal is left.
 */
final class DealPublisher {

    private static final long MAX_ALLOCATION_EXPIRATION = 60 * 2880;
    private static final long ALLOCATION_TERM_BUFFER = 90 * 2880;
    private static final long MAX_ALLOCATION_TERM = 5 * 1_051_200L;

    private final Call call;
    private final State before;
    private final List<Long> ids = new ArrayList<>();
    private final List<Long> places = new ArrayList<>();
    private final Set<Cid> taken = new HashSet<>();
    private final Map<Long, TokenAmount> clientLocks = new HashMap<>();
    private final Map<Long, Long> datacapUsed = new HashMap<>();
    private TokenAmount providerLock = TokenAmount.ZERO;

    private DealPublisher(Call call) {
        this.call = call;
        this.before = call.draft().state();
    }

    static Bytes publish(Call call) {
        call.journal().charge(Gas.PUBLISH);
        call.requireNoValue();
        return new DealPublisher(call).run(call.params(PublishStorageDealsParams::ofCbor).deals());
    }

    private Bytes run(List<SignedProposal> deals) {
        Call.require(!deals.isEmpty(), ExitCode.ILLEGAL_ARGUMENT, "empty deals parameter");
        FilAddress providerAddress = deals.get(0).proposal().provider();
        long provider = call.resolve(providerAddress, "the provider");
        MinerRecord miner = call.draft().find(Tables.MINERS, provider).orElseThrow(() ->
                new ActorException(ExitCode.ILLEGAL_ARGUMENT, "deal provider " + providerAddress
                        + " is not a storage miner"));
        Call.require(miner.mayAct(call.caller()), ExitCode.FORBIDDEN,
                "caller f0" + call.caller() + " is not worker, owner or control address of " + providerAddress);
        call.journal().charge(Gas.PUBLISH_DEAL * deals.size());
        List<PublishedDeal> valid = new ArrayList<>();
        for (int place = 0; place < deals.size(); place++) {
            try {
                valid.add(check(deals.get(place), provider));
                places.add((long) place);
            } catch (ActorException e) {
                call.journal().note("deal " + place + " dropped: " + e.getMessage());
            }
        }
        Call.require(!valid.isEmpty(), ExitCode.ILLEGAL_ARGUMENT, "All deal proposals invalid");
        valid.forEach(this::take);
        return Bytes.wrap(new PublishStorageDealsReturn(ids, BitField.of(places)).toCbor());
    }

    /** The deal as the market will hold it; throws the reason why it will not. */
    private PublishedDeal check(SignedProposal signed, long provider) {
        DealProposal given = signed.proposal();
        Call.require(!call.world().faults().isInvalid(signed.proposalCid()), ExitCode.ILLEGAL_ARGUMENT,
                "invalidated by Devnet.InvalidateDeal");
        checkSignature(signed);
        checkTerms(given);
        Call.require(call.resolve(given.provider(), "the provider") == provider, ExitCode.ILLEGAL_ARGUMENT,
                "provider differs from that of the first deal");
        long client = call.resolve(given.client(), "the client");
        DealProposal normal = normalised(given, client, provider);

        TokenAmount clientLock = clientLocks.getOrDefault(client, TokenAmount.ZERO)
                .plus(normal.clientBalanceRequirement());
        Call.require(!before.escrow(client).available().isLessThan(clientLock), ExitCode.INSUFFICIENT_FUNDS,
                "client f0" + client + " has " + before.escrow(client).available() + " available, needs " + clientLock);
        TokenAmount collateral = providerLock.plus(normal.providerCollateral());
        Call.require(!before.escrow(provider).available().isLessThan(collateral), ExitCode.INSUFFICIENT_FUNDS,
                "provider has " + before.escrow(provider).available() + " available, needs " + collateral);

        Cid cid = normal.cid();
        Call.require(!before.table(Tables.PENDING).contains(cid) && !taken.contains(cid), ExitCode.ILLEGAL_ARGUMENT,
                "this proposal is pending already");
        if (normal.isVerified()) {
            long used = datacapUsed.getOrDefault(client, 0L) + normal.pieceSize().bytes();
            Call.require(before.find(Tables.DATACAP, client).orElse(0L) >= used, ExitCode.ILLEGAL_ARGUMENT,
                    "client f0" + client + " has not enough datacap");
            datacapUsed.put(client, used);
        }
        clientLocks.put(client, clientLock);
        providerLock = collateral;
        taken.add(cid);
        return new PublishedDeal(normal, cid, null, 0);
    }

    private void checkSignature(SignedProposal signed) {
        FilAddress client = signed.proposal().client();
        Optional<FilAddress> key = before.actor(client).filter(actor -> actor.kind() == Actor.Kind.ACCOUNT)
                .map(Actor::key);
        boolean isSigned;
        try {
            isSigned = key.isPresent() && Signatures.verify(signed.signature(), key.get(), signed.proposal().toCbor());
        } catch (CryptoException e) { // a signature or key of a kind that cannot sign deals
            isSigned = false;
        }
        Call.require(isSigned, ExitCode.ILLEGAL_ARGUMENT, "proposal authentication failed");
    }

    private void checkTerms(DealProposal deal) {
        Rules rules = call.rules();
        invalidIf(!deal.label().isLegal(), "deal label is longer than 256 bytes or not text");
        invalidIf(!deal.pieceSize().isLegal(), "proposal piece size is invalid: " + deal.pieceSize().bytes());
        invalidIf(!deal.pieceCid().isCommP(), "proposal PieceCID undefined");
        long start = deal.startEpoch().value();
        long end = deal.endEpoch().value();
        invalidIf(end <= start, "proposal end before proposal start");
        invalidIf(call.epoch() > start, "Deal start epoch has already elapsed.");
        long duration = end - start; // start ≥ now ≥ 0, so this cannot overflow
        invalidIf(duration < rules.minDealDuration() || duration > rules.maxDealDuration(),
                "Deal duration out of bounds.");
        invalidIf(isOutside(deal.storagePricePerEpoch(), TokenAmount.ZERO), "Storage price out of bounds.");
        invalidIf(isOutside(deal.providerCollateral(), rules.minCollateral(deal.pieceSize(),
                before.totals().rawPower())),
                "Provider collateral out of bounds.");
        invalidIf(isOutside(deal.clientCollateral(), TokenAmount.ZERO), "Client collateral out of bounds.");
    }

    private static boolean isOutside(TokenAmount amount, TokenAmount least) {
        return amount.isLessThan(least) || amount.isMoreThan(Rules.maxFil());
    }

    private static void invalidIf(boolean isInvalid, String reason) {
        Call.require(!isInvalid, ExitCode.ILLEGAL_ARGUMENT, reason);
    }

    private static DealProposal normalised(DealProposal deal, long client, long provider) {
        return new DealProposal(deal.pieceCid(), deal.pieceSize(), deal.isVerified(), FilAddress.ofId(client),
                FilAddress.ofId(provider), deal.label(), deal.startEpoch(), deal.endEpoch(),
                deal.storagePricePerEpoch(),
                deal.providerCollateral(), deal.clientCollateral());
    }

    private void take(PublishedDeal deal) {
        Draft draft = call.draft();
        long id = draft.totals().nextDeal();
        draft.totals(totals -> totals.withNextDeal(id + 1));
        new MarketFunds(draft).lock(deal.proposal());
        long allocation = deal.proposal().isVerified() ? allocate(deal) : 0;
        draft.put(Tables.DEALS, id, new PublishedDeal(deal.proposal(), deal.cid(), null, allocation));
        draft.put(Tables.PENDING, deal.cid(), id);
        long look = call.rules().nextUpdate(id, deal.proposal().startEpoch().value());
        draft.put(Tables.CRON, new CronKey(look, CronKey.DEAL, 0, id), look);
        call.journal().emit(MarketActor.event("deal-published", id, deal));
        ids.add(id);
    }

    private long allocate(PublishedDeal deal) {
        Draft draft = call.draft();
        DealProposal terms = deal.proposal();
        long left = draft.require(Tables.DATACAP, deal.client()) - terms.pieceSize().bytes();
        draft.put(Tables.DATACAP, deal.client(), left);
        long id = draft.totals().nextAllocation();
        draft.totals(totals -> totals.withNextAllocation(id + 1));
        draft.put(Tables.ALLOCATIONS, id, new Allocation(deal.client(), deal.provider(), terms.pieceCid(),
                terms.pieceSize().bytes(), terms.duration(),
                Math.min(terms.duration() + ALLOCATION_TERM_BUFFER, MAX_ALLOCATION_TERM),
                Math.min(terms.startEpoch().value(), call.epoch() + MAX_ALLOCATION_EXPIRATION)));
        return id;
    }
}
