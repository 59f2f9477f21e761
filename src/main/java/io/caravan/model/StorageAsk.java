package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import java.math.BigInteger;

/**
 * A miner's price list (wire-protocols §5.2). Go peers of two generations order the map's keys differently and verify
 * signatures over their own order, hence {@link #toCbor} (sorted, what we emit) and {@link #toCborDeclared} (§5.6).
 *
 * @param price attoFIL per GiB per epoch
 * @param verifiedPrice the same for verified deals
 */
public record StorageAsk(
        @JsonProperty("Price") TokenAmount price,
        @JsonProperty("VerifiedPrice") TokenAmount verifiedPrice,
        @JsonProperty("MinPieceSize") PaddedPieceSize minPieceSize,
        @JsonProperty("MaxPieceSize") PaddedPieceSize maxPieceSize,
        @JsonProperty("Miner") FilAddress miner,
        @JsonProperty("Timestamp") Epoch timestamp,
        @JsonProperty("Expiry") Epoch expiry,
        @JsonProperty("SeqNo") long seqNo) {

    private static final BigInteger GIB = BigInteger.ONE.shiftLeft(30);
    private static final int MAX_KEY = 8192;

    public StorageAsk {
        Required.all(price, "Price", verifiedPrice, "VerifiedPrice", minPieceSize, "MinPieceSize", maxPieceSize,
                "MaxPieceSize", miner, "Miner", timestamp, "Timestamp", expiry, "Expiry");
        if (seqNo < 0) {
            throw new CodecException("an ask's sequence number cannot be " + seqNo);
        }
    }

    /** The least price per epoch it takes for a piece: {@code floor(price × size / 2^30)} (deal-lifecycle §7.2). */
    public TokenAmount minPricePerEpoch(PaddedPieceSize size, boolean isVerified) {
        return new TokenAmount(perEpoch(size, isVerified)[0]);
    }

    /** What a client offers who takes this ask: the same rounded up, so never below the minimum. */
    public TokenAmount offerPerEpoch(PaddedPieceSize size, boolean isVerified) {
        BigInteger[] parts = perEpoch(size, isVerified);
        return new TokenAmount(parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0]);
    }

    private BigInteger[] perEpoch(PaddedPieceSize size, boolean isVerified) {
        BigInteger perGib = (isVerified ? verifiedPrice : price).atto();
        return perGib.multiply(BigInteger.valueOf(size.bytes())).divideAndRemainder(GIB);
    }

    /** Map with keys by length, then bytewise: the order of today's peers, and ours. */
    public void writeTo(CborWriter out) {
        out.map(8).text("Miner");
        miner.writeTo(out);
        price.writeTo(out.text("Price"));
        out.text("SeqNo").uint(seqNo).text("Expiry").integer(expiry.value());
        out.text("Timestamp").integer(timestamp.value()).text("MaxPieceSize").uint(maxPieceSize.bytes());
        out.text("MinPieceSize").uint(minPieceSize.bytes());
        verifiedPrice.writeTo(out.text("VerifiedPrice"));
    }

    public byte[] toCbor() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    /** Map with keys in the order older peers declare them. */
    public byte[] toCborDeclared() {
        CborWriter out = new CborWriter().map(8);
        price.writeTo(out.text("Price"));
        verifiedPrice.writeTo(out.text("VerifiedPrice"));
        out.text("MinPieceSize").uint(minPieceSize.bytes()).text("MaxPieceSize").uint(maxPieceSize.bytes());
        miner.writeTo(out.text("Miner"));
        out.text("Timestamp").integer(timestamp.value()).text("Expiry").integer(expiry.value());
        return out.text("SeqNo").uint(seqNo).toByteArray();
    }

    /** The tuple of ask 1.0.1, where it is what gets signed. */
    public byte[] toCborTuple() {
        CborWriter out = new CborWriter().array(8);
        price.writeTo(out);
        verifiedPrice.writeTo(out);
        out.uint(minPieceSize.bytes()).uint(maxPieceSize.bytes());
        miner.writeTo(out);
        return out.integer(timestamp.value()).integer(expiry.value()).uint(seqNo).toByteArray();
    }

    /** Keys in any order; unknown keys are skipped, missing numbers are 0, a missing miner is refused. */
    public static StorageAsk readFrom(CborReader in) {
        AskFields fields = new AskFields();
        int entries = in.map();
        for (int i = 0; i < entries; i++) {
            fields.read(in.text(MAX_KEY), in);
        }
        return fields.toAsk();
    }

    /** The tuple of ask 1.0.1. */
    public static StorageAsk readTupleFrom(CborReader in) {
        in.tuple(8);
        return new StorageAsk(TokenAmount.readFrom(in), TokenAmount.readFrom(in), PaddedPieceSize.of(in.uint()),
                PaddedPieceSize.of(in.uint()), FilAddress.readFrom(in), Epoch.of(in.integer()), Epoch.of(in.integer()),
                in.uint());
    }

    public static StorageAsk ofCbor(byte[] cbor) {
        CborReader in = new CborReader(cbor);
        StorageAsk ask = readFrom(in);
        in.end();
        return ask;
    }
}
