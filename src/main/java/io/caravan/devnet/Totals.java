package io.caravan.devnet;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.model.TokenAmount;

/**
 * Counters and sums of the whole chain.
 *
 * @param supply every attoFIL there is; never changes after genesis
 * @param clientCollateral locked in the market, as are the next two; their sum is all that is locked there
 * @param rawPower padded bytes of healthy proven sectors
 */
record Totals(long nextActor, long nextDeal, long nextAllocation, TokenAmount supply, TokenAmount clientCollateral,
        TokenAmount providerCollateral, TokenAmount clientFees, long rawPower) {

    Totals withNextActor(long next) {
        return new Totals(next, nextDeal, nextAllocation, supply, clientCollateral, providerCollateral, clientFees,
                rawPower);
    }

    Totals withNextDeal(long next) {
        return new Totals(nextActor, next, nextAllocation, supply, clientCollateral, providerCollateral, clientFees,
                rawPower);
    }

    Totals withNextAllocation(long next) {
        return new Totals(nextActor, nextDeal, next, supply, clientCollateral, providerCollateral, clientFees,
                rawPower);
    }

    Totals plusPower(long bytes) {
        return new Totals(nextActor, nextDeal, nextAllocation, supply, clientCollateral, providerCollateral, clientFees,
                Math.addExact(rawPower, bytes));
    }

    Totals plusLocked(TokenAmount moreClient, TokenAmount moreProvider, TokenAmount moreFees) {
        return new Totals(nextActor, nextDeal, nextAllocation, supply, clientCollateral.plus(moreClient),
                providerCollateral.plus(moreProvider), clientFees.plus(moreFees), rawPower);
    }

    void writeTo(CborWriter out) {
        out.array(8).uint(nextActor).uint(nextDeal).uint(nextAllocation);
        supply.writeTo(out);
        clientCollateral.writeTo(out);
        providerCollateral.writeTo(out);
        clientFees.writeTo(out);
        out.integer(rawPower);
    }

    static Totals readFrom(CborReader in) {
        in.tuple(8);
        return new Totals(in.uint(), in.uint(), in.uint(), TokenAmount.readFrom(in), TokenAmount.readFrom(in),
                TokenAmount.readFrom(in), TokenAmount.readFrom(in), in.integer());
    }
}
