package io.caravan.model;

import io.caravan.codec.CborReader;
import io.caravan.codec.CodecException;
import org.jspecify.annotations.Nullable;

/** The fields of an ask while its map is read, each with Go's zero value until it comes. */
final class AskFields {

    private TokenAmount price = TokenAmount.ZERO;
    private TokenAmount verifiedPrice = TokenAmount.ZERO;
    private PaddedPieceSize minPieceSize = PaddedPieceSize.of(0);
    private PaddedPieceSize maxPieceSize = PaddedPieceSize.of(0);
    private @Nullable FilAddress miner;
    private Epoch timestamp = Epoch.of(0);
    private Epoch expiry = Epoch.of(0);
    private long seqNo;

    void read(String key, CborReader in) {
        switch (key) {
            case "Price" -> price = TokenAmount.readFrom(in);
            case "VerifiedPrice" -> verifiedPrice = TokenAmount.readFrom(in);
            case "MinPieceSize" -> minPieceSize = PaddedPieceSize.of(in.uint());
            case "MaxPieceSize" -> maxPieceSize = PaddedPieceSize.of(in.uint());
            case "Miner" -> miner = FilAddress.readFrom(in);
            case "Timestamp" -> timestamp = Epoch.of(in.integer());
            case "Expiry" -> expiry = Epoch.of(in.integer());
            case "SeqNo" -> seqNo = in.uint();
            default -> in.skip();
        }
    }

    StorageAsk toAsk() {
        if (miner == null) {
            throw new CodecException("an ask names its miner");
        }
        return new StorageAsk(price, verifiedPrice, minPieceSize, maxPieceSize, miner, timestamp, expiry, seqNo);
    }
}
