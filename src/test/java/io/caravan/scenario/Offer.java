package io.caravan.scenario;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.model.TokenAmount;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of ClientStartDeal.
 *
 * @param price attoFIL an epoch for the piece; null is what the miner asks
 * @param start the epoch the deal starts at; null is {@link World#START_AHEAD} ahead
 * @param duration least epochs
 * @param collateral of the provider; zero lets the daemon choose
 * @param pieceCid with {@code pieceSize} (unpadded bytes): what a manual deal has to name; null and 0 are computed
 */
record Offer(String transferType, Cid root, @Nullable TokenAmount price, @Nullable Long start, long duration,
        TokenAmount collateral, boolean isVerified, boolean isFast, @Nullable Cid pieceCid, long pieceSize,
        @Nullable String wallet) {

    /** An online deal for imported data, as long as the chain's shortest. */
    static Offer of(Cid root) {
        return new Offer("graphsync", root, null, null, World.DURATION, TokenAmount.ZERO, false, false, null, 0, null);
    }

    /** An offline deal: the data is brought to the miner some other way. */
    static Offer manual(Cid root, Cid pieceCid, long unpaddedPieceSize) {
        return new Offer("manual", root, null, null, World.DURATION, TokenAmount.ZERO, false, false, pieceCid,
                unpaddedPieceSize, null);
    }

    Offer price(TokenAmount attoPerEpoch) {
        return new Offer(transferType, root, attoPerEpoch, start, duration, collateral, isVerified, isFast, pieceCid, pieceSize, wallet);
    }

    Offer start(long epoch) {
        return new Offer(transferType, root, price, epoch, duration, collateral, isVerified, isFast, pieceCid, pieceSize, wallet);
    }

    Offer duration(long epochs) {
        return new Offer(transferType, root, price, start, epochs, collateral, isVerified, isFast, pieceCid, pieceSize, wallet);
    }

    Offer collateral(TokenAmount amount) {
        return new Offer(transferType, root, price, start, duration, amount, isVerified, isFast, pieceCid, pieceSize, wallet);
    }

    Offer verified() {
        return new Offer(transferType, root, price, start, duration, collateral, true, isFast, pieceCid, pieceSize, wallet);
    }

    /** Keeps an unsealed copy. */
    Offer fast() {
        return new Offer(transferType, root, price, start, duration, collateral, isVerified, true, pieceCid, pieceSize, wallet);
    }

    /** Names the piece, its size in unpadded bytes, instead of letting it be computed. */
    Offer piece(Cid cid, long unpadded) {
        return new Offer(transferType, root, price, start, duration, collateral, isVerified, isFast, cid, unpadded, wallet);
    }

    /** Another wallet of the daemon than its default one pays. */
    Offer wallet(String address) {
        return new Offer(transferType, root, price, start, duration, collateral, isVerified, isFast, pieceCid, pieceSize, address);
    }

    /** The one parameter of ClientStartDeal. */
    ObjectNode toJson(String miner, String payer, TokenAmount asked, long startEpoch) {
        ObjectNode params = new ObjectMapper().createObjectNode();
        ObjectNode data = params.putObject("Data").put("TransferType", transferType).put("PieceSize", pieceSize);
        data.putObject("Root").put("/", root.toString());
        if (pieceCid == null) {
            data.putNull("PieceCid");
        } else {
            data.putObject("PieceCid").put("/", pieceCid.toString());
        }
        return params.put("Wallet", wallet == null ? payer : wallet).put("Miner", miner)
                .put("EpochPrice", (price == null ? asked : price).atto().toString()).put("MinBlocksDuration", duration)
                .put("ProviderCollateral", collateral.atto().toString()).put("DealStartEpoch", start == null ? startEpoch : start)
                .put("FastRetrieval", isFast).put("VerifiedDeal", isVerified);
    }
}
