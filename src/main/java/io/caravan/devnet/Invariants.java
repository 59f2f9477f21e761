package io.caravan.devnet;

import io.caravan.model.TokenAmount;
import java.util.HashMap;
import java.util.Map;

/** What must be true after every tipset (chain-and-rpc §5.1). A state that breaks one is never stored. */
final class Invariants {

    /** Running sums while one state is looked at. */
    private static final class Sums {
        private TokenAmount balances = TokenAmount.ZERO;
        private TokenAmount escrow = TokenAmount.ZERO;
        private TokenAmount locked = TokenAmount.ZERO;
        private TokenAmount clientCollateral = TokenAmount.ZERO;
        private TokenAmount providerCollateral = TokenAmount.ZERO;
        private TokenAmount fees = TokenAmount.ZERO;
        private long power;
        private final Map<Long, TokenAmount> heldByMiner = new HashMap<>();
    }

    private Invariants() {
    }

    /** @throws IllegalStateException naming the invariant that is broken and the numbers that break it */
    static void check(State state) {
        Sums sums = new Sums();
        actors(state, sums);
        market(state, sums);
        sectors(state, sums);
    }

    private static void actors(State state, Sums sums) {
        state.table(Tables.ACTORS).forEach((id, actor) -> {
            demand(!actor.balance().isNegative(), "the balance of f0" + id + " is negative: " + actor.balance());
            sums.balances = sums.balances.plus(actor.balance());
        });
        demand(sums.balances.equals(state.totals().supply()),
                "coins are conserved: there are " + sums.balances + " of " + state.totals().supply());
    }

    private static void market(State state, Sums sums) {
        state.table(Tables.ESCROW).forEach((id, funds) -> {
            demand(!funds.locked().isNegative() && !funds.available().isNegative(),
                    "0 ≤ locked ≤ escrow of f0" + id + ": " + funds.locked() + ", " + funds.escrow());
            sums.escrow = sums.escrow.plus(funds.escrow());
            sums.locked = sums.locked.plus(funds.locked());
        });
        TokenAmount market = state.find(Tables.ACTORS, Ledger.MARKET).orElseThrow().balance();
        demand(sums.escrow.equals(market), "the market holds its escrow: " + market + " for " + sums.escrow);
        state.table(Tables.DEALS).forEach((id, deal) -> {
            sums.clientCollateral = sums.clientCollateral.plus(deal.proposal().clientCollateral());
            sums.providerCollateral = sums.providerCollateral.plus(deal.proposal().providerCollateral());
            sums.fees = sums.fees.plus(unpaid(deal));
        });
        Totals totals = state.totals();
        demand(totals.clientCollateral().equals(sums.clientCollateral)
                && totals.providerCollateral().equals(sums.providerCollateral) && totals.clientFees().equals(sums.fees),
                "the market's totals are the sums over its deals");
        demand(sums.locked.equals(sums.clientCollateral.plus(sums.providerCollateral).plus(sums.fees)),
                "locked funds are those of the deals: " + sums.locked);
        state.table(Tables.PENDING).forEach((cid, id) ->
                demand(state.table(Tables.DEALS).contains(id), "pending deal " + id + " is there"));
    }

    private static TokenAmount unpaid(PublishedDeal deal) {
        long paidUntil = deal.state() == null || !deal.state().isEverSettled() ? deal.proposal().startEpoch().value()
                : Math.max(deal.state().lastUpdated(), deal.proposal().startEpoch().value());
        return deal.proposal().storagePricePerEpoch().times(deal.proposal().endEpoch().value() - paidUntil);
    }

    private static void sectors(State state, Sums sums) {
        state.table(Tables.PRE_COMMITS).forEach((key, preCommit) ->
                sums.heldByMiner.merge(key.miner(), preCommit.deposit(), TokenAmount::plus));
        state.table(Tables.SECTORS).forEach((key, sector) -> {
            sums.heldByMiner.merge(key.miner(), sector.pledge(), TokenAmount::plus);
            sums.power += sector.isFaulty() ? 0 : SealProofs.sectorSize(sector.sealProof());
            demand(state.find(Tables.MINERS, key.miner()).orElseThrow().allocated().contains(key.number()),
                    "sector " + key + " has a number that is taken");
        });
        state.table(Tables.MINERS).forEach((id, miner) -> {
            TokenAmount held = sums.heldByMiner.getOrDefault(id, TokenAmount.ZERO);
            demand(miner.locked().equals(held), "f0" + id + " locks " + miner.locked() + " for sectors that need "
                    + held);
            TokenAmount balance = state.find(Tables.ACTORS, id).orElseThrow().balance();
            demand(!balance.isLessThan(held), "f0" + id + " has " + balance + ", locked are " + held);
        });
        demand(state.totals().rawPower() == sums.power, "the network's power is that of its sectors");
    }

    private static void demand(boolean isTrue, String invariant) {
        if (!isTrue) {
            throw new IllegalStateException("the devnet broke an invariant: " + invariant);
        }
    }
}
