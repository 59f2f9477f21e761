package io.caravan.devnet;

import io.caravan.chain.BatchReturn;
import io.caravan.chain.BitField;
import io.caravan.chain.ExitCode;
import io.caravan.chain.MarketDealState;
import io.caravan.chain.SettleDealPaymentsReturn;
import io.caravan.codec.Bytes;
import io.caravan.model.DealProposal;
import io.caravan.model.TokenAmount;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of deals and the payments until then (chain-and-rpc §4.6): settlement by whoever asks, expiry of deals that
 * never became active, termination together with their sector.
 */
final class DealSettlement {

    private static final int MAX_DEALS = 8192;

    private final Draft draft;
    private final MarketFunds funds;
    private final long epoch;
    private final Journal journal;

    DealSettlement(Draft draft, long epoch, Journal journal) {
        this.draft = draft;
        this.funds = new MarketFunds(draft);
        this.epoch = epoch;
        this.journal = journal;
    }

    static Bytes settle(Call call) {
        call.requireNoValue();
        List<Long> ids = MarketActor.numbers(call.params(BitField::ofCbor), MAX_DEALS);
        call.journal().charge(Gas.SETTLE_DEAL * (1 + ids.size()));
        DealSettlement settlement = new DealSettlement(call.draft(), call.epoch(), call.journal());
        List<BatchReturn.Failure> failures = new ArrayList<>();
        List<SettleDealPaymentsReturn.Settlement> settled = new ArrayList<>();
        for (int place = 0; place < ids.size(); place++) {
            try {
                settled.add(settlement.settle(ids.get(place)));
            } catch (ActorException e) {
                failures.add(new BatchReturn.Failure(place, e.exitCode()));
            }
        }
        return Bytes.wrap(new SettleDealPaymentsReturn(new BatchReturn(settled.size(), failures), settled).toCbor());
    }

    private SettleDealPaymentsReturn.Settlement settle(long id) {
        PublishedDeal deal = draft.find(Tables.DEALS, id)
                .orElseThrow(() -> new ActorException(ExitCode.MARKET_DEAL_EXPIRED, "deal " + id + " is gone"));
        DealProposal terms = deal.proposal();
        long start = terms.startEpoch().value();
        if (deal.state() == null) {
            if (epoch < start) {
                return new SettleDealPaymentsReturn.Settlement(TokenAmount.ZERO, false);
            }
            timeOut(id, deal);
            throw new ActorException(ExitCode.MARKET_DEAL_EXPIRED, "deal " + id + " was not activated in time");
        }
        draft.remove(Tables.PENDING, deal.cid());
        if (epoch < start) {
            draft.put(Tables.DEALS, id, deal.withState(deal.state().settledAt(epoch)));
            return new SettleDealPaymentsReturn.Settlement(TokenAmount.ZERO, false);
        }
        TokenAmount payment = pay(deal, Math.min(terms.endEpoch().value(), epoch));
        boolean isCompleted = epoch >= terms.endEpoch().value();
        if (isCompleted) {
            funds.unlockClientCollateral(terms);
            funds.unlockProviderCollateral(terms);
            remove(id, deal);
            journal.emit(MarketActor.event("deal-completed", id, deal));
        } else {
            draft.put(Tables.DEALS, id, deal.withState(deal.state().settledAt(epoch)));
        }
        return new SettleDealPaymentsReturn.Settlement(payment, isCompleted);
    }

    /** Cron's look at a deal whose start epoch has come: a deal that is not active by now never will be. */
    void look(long id) {
        draft.find(Tables.DEALS, id).ifPresent(deal -> {
            if (deal.state() == null) {
                timeOut(id, deal);
            } else {
                draft.remove(Tables.PENDING, deal.cid());
            }
        });
    }

    /** Deals end with their sector: paid until now, the provider's collateral burnt, the rest back to the client. */
    void terminate(SectorKey sector) {
        List<Long> ids = draft.find(Tables.SECTOR_DEALS, sector).orElse(List.of());
        draft.remove(Tables.SECTOR_DEALS, sector);
        for (long id : ids) {
            draft.find(Tables.DEALS, id).filter(deal -> deal.proposal().endEpoch().value() > epoch)
                    .ifPresent(deal -> slash(id, deal));
        }
    }

    private void slash(long id, PublishedDeal deal) {
        DealProposal terms = deal.proposal();
        draft.remove(Tables.PENDING, deal.cid());
        long paidUntil = Math.max(epoch, terms.startEpoch().value());
        pay(deal, paidUntil);
        funds.unlockFee(terms, terms.storagePricePerEpoch().times(terms.endEpoch().value() - paidUntil));
        funds.unlockClientCollateral(terms);
        funds.slashProvider(terms);
        remove(id, deal);
        journal.emit(MarketActor.event("deal-terminated", id, deal));
    }

    /** Moves the fee of the epochs since the last payment; answers how much that was, attoFIL. */
    private TokenAmount pay(PublishedDeal deal, long until) {
        DealProposal terms = deal.proposal();
        MarketDealState state = deal.state();
        long from = state != null && state.isEverSettled()
                ? Math.max(state.lastUpdated(), terms.startEpoch().value()) : terms.startEpoch().value();
        TokenAmount payment = until > from ? terms.storagePricePerEpoch().times(until - from) : TokenAmount.ZERO;
        funds.pay(terms, payment);
        return payment;
    }

    private void timeOut(long id, PublishedDeal deal) {
        DealProposal terms = deal.proposal();
        funds.unlockFee(terms, terms.totalStorageFee());
        funds.unlockClientCollateral(terms);
        funds.slashProvider(terms);
        draft.remove(Tables.PENDING, deal.cid());
        draft.remove(Tables.DEALS, id);
        if (deal.allocation() != 0) { // the real registry gives datacap back on request; here it comes back at once
            draft.find(Tables.ALLOCATIONS, deal.allocation()).ifPresent(allocation -> {
                draft.remove(Tables.ALLOCATIONS, deal.allocation());
                draft.put(Tables.DATACAP, allocation.client(),
                        draft.find(Tables.DATACAP, allocation.client()).orElse(0L) + allocation.size());
            });
        }
    }

    private void remove(long id, PublishedDeal deal) {
        draft.remove(Tables.DEALS, id);
        MarketDealState state = deal.state();
        if (state != null) {
            SectorKey sector = new SectorKey(deal.provider(), state.sector());
            draft.find(Tables.SECTOR_DEALS, sector).ifPresent(ids -> {
                List<Long> left = ids.stream().filter(other -> other != id).toList();
                if (left.isEmpty()) {
                    draft.remove(Tables.SECTOR_DEALS, sector);
                } else {
                    draft.put(Tables.SECTOR_DEALS, sector, left);
                }
            });
        }
    }
}
