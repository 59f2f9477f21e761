package io.caravan.chain;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;

/**
 * What the market actor holds beside a proposal once its sector is proven: {@code 84 [sector, sectorStart, lastUpdated,
 * slash]}, epochs −1 while they have not come (chain-and-rpc §4.2).
 */
public record MarketDealState(long sector, long sectorStart, long lastUpdated, long slashed) {

    /** An epoch that has not come. */
    public static final long UNDEFINED = -1;

    /** How a deal without a state is shown. */
    public static final MarketDealState NONE = new MarketDealState(0, UNDEFINED, UNDEFINED, UNDEFINED);

    /** The state of a deal activated just now. */
    public static MarketDealState activated(long sector, long epoch) {
        return new MarketDealState(sector, epoch, UNDEFINED, UNDEFINED);
    }

    public MarketDealState settledAt(long epoch) {
        return new MarketDealState(sector, sectorStart, epoch, slashed);
    }

    public boolean isEverSettled() {
        return lastUpdated != UNDEFINED;
    }

    public void writeTo(CborWriter out) {
        out.array(4).uint(sector).integer(sectorStart).integer(lastUpdated).integer(slashed);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static MarketDealState readFrom(CborReader in) {
        in.tuple(4);
        return new MarketDealState(in.uint(), in.integer(), in.integer(), in.integer());
    }

    /** @throws io.caravan.codec.CodecException if the bytes are not exactly one such state */
    public static MarketDealState ofCbor(byte[] cbor) {
        return Tuple.read(cbor, MarketDealState::readFrom);
    }
}
