package io.caravan.devnet;

import io.caravan.chain.AddBalanceParams;
import io.caravan.chain.AmountReturn;
import io.caravan.chain.ExitCode;
import io.caravan.chain.WithdrawBalanceParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborWriter;
import io.caravan.model.DealProposal;
import io.caravan.model.TokenAmount;

/** The market's escrow and locked tables (chain-and-rpc §4.2). What is locked is always part of what is in escrow. */
final class MarketFunds {

    private final Draft draft;
    private final Ledger ledger;

    MarketFunds(Draft draft) {
        this.draft = draft;
        this.ledger = new Ledger(draft);
    }

    static Bytes addBalance(Call call) {
        call.journal().charge(Gas.MARKET_BALANCE);
        AddBalanceParams params = call.params(AddBalanceParams::ofCbor);
        Call.require(!call.value().isZero(), ExitCode.ILLEGAL_ARGUMENT, "balance to add must be greater than zero");
        long nominal = call.resolve(params.address(), "the address to credit");
        new MarketFunds(call.draft()).credit(nominal, call.value());
        return Bytes.EMPTY;
    }

    static Bytes withdrawBalance(Call call) {
        call.journal().charge(Gas.MARKET_BALANCE);
        call.requireNoValue();
        WithdrawBalanceParams params = call.params(WithdrawBalanceParams::ofCbor);
        Call.require(!params.amount().isNegative(), ExitCode.ILLEGAL_ARGUMENT, "negative amount to withdraw");
        long nominal = call.resolve(params.address(), "the address to withdraw from");
        long recipient = call.draft().find(Tables.MINERS, nominal).map(miner -> {
            Call.require(call.caller() == miner.owner() || call.caller() == miner.worker(), ExitCode.FORBIDDEN,
                    "only the miner's owner or worker may withdraw");
            return miner.owner();
        }).orElseGet(() -> {
            Call.require(call.caller() == nominal, ExitCode.FORBIDDEN, "only the account itself may withdraw");
            return nominal;
        });
        MarketFunds funds = new MarketFunds(call.draft());
        TokenAmount paid = params.amount().min(call.draft().state().escrow(nominal).available());
        funds.credit(nominal, TokenAmount.ZERO.minus(paid));
        call.ledger().move(Ledger.MARKET, recipient, paid);
        return Bytes.wrap(new AmountReturn(paid).toCbor());
    }

    static Bytes getBalance(Call call) {
        call.journal().charge(Gas.VIEW);
        long actor = call.resolve(call.params(AddBalanceParams::ofCbor).address(), "the address");
        Escrow escrow = call.draft().state().escrow(actor);
        CborWriter out = new CborWriter().array(2);
        escrow.escrow().writeTo(out);
        escrow.locked().writeTo(out);
        return out.toBytes();
    }

    /** Locks what a deal needs on both sides; the caller has checked that it is there. */
    void lock(DealProposal deal) {
        change(deal.client().actorId(), deal.clientBalanceRequirement());
        change(deal.provider().actorId(), deal.providerCollateral());
        draft.totals(totals -> totals.plusLocked(deal.clientCollateral(), deal.providerCollateral(),
                deal.totalStorageFee()));
    }

    /** Moves a part of the fee from the client's locked funds into the provider's escrow. */
    void pay(DealProposal deal, TokenAmount fee) {
        TokenAmount negative = TokenAmount.ZERO.minus(fee);
        unlockFee(deal, fee);
        credit(deal.client().actorId(), negative);
        credit(deal.provider().actorId(), fee);
    }

    void unlockFee(DealProposal deal, TokenAmount fee) {
        TokenAmount negative = TokenAmount.ZERO.minus(fee);
        change(deal.client().actorId(), negative);
        draft.totals(totals -> totals.plusLocked(TokenAmount.ZERO, TokenAmount.ZERO, negative));
    }

    void unlockClientCollateral(DealProposal deal) {
        TokenAmount negative = TokenAmount.ZERO.minus(deal.clientCollateral());
        change(deal.client().actorId(), negative);
        draft.totals(totals -> totals.plusLocked(negative, TokenAmount.ZERO, TokenAmount.ZERO));
    }

    void unlockProviderCollateral(DealProposal deal) {
        TokenAmount negative = TokenAmount.ZERO.minus(deal.providerCollateral());
        change(deal.provider().actorId(), negative);
        draft.totals(totals -> totals.plusLocked(TokenAmount.ZERO, negative, TokenAmount.ZERO));
    }

    /** Takes the provider's whole collateral out of the market and burns it. */
    void slashProvider(DealProposal deal) {
        unlockProviderCollateral(deal);
        credit(deal.provider().actorId(), TokenAmount.ZERO.minus(deal.providerCollateral()));
        ledger.burn(Ledger.MARKET, deal.providerCollateral());
    }

    private void credit(long actor, TokenAmount amount) {
        draft.put(Tables.ESCROW, actor, draft.state().escrow(actor).plusEscrow(amount));
    }

    private void change(long actor, TokenAmount locked) {
        draft.put(Tables.ESCROW, actor, draft.state().escrow(actor).plusLocked(locked));
    }
}
