package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;

/**
 * What a client proposes: a CBOR tuple of eleven (wire-protocols §3). Whether the market would take it is not checked
 * here; an illegal proposal must be readable to be refused with a reason.
 *
 * @param storagePricePerEpoch attoFIL for the whole piece per epoch
 */
public record DealProposal(
        @JsonProperty("PieceCID") Cid pieceCid,
        @JsonProperty("PieceSize") PaddedPieceSize pieceSize,
        @JsonProperty("VerifiedDeal") boolean isVerified,
        @JsonProperty("Client") FilAddress client,
        @JsonProperty("Provider") FilAddress provider,
        @JsonProperty("Label") DealLabel label,
        @JsonProperty("StartEpoch") Epoch startEpoch,
        @JsonProperty("EndEpoch") Epoch endEpoch,
        @JsonProperty("StoragePricePerEpoch") TokenAmount storagePricePerEpoch,
        @JsonProperty("ProviderCollateral") TokenAmount providerCollateral,
        @JsonProperty("ClientCollateral") TokenAmount clientCollateral) {

    public DealProposal {
        Required.all(pieceCid, "PieceCID", pieceSize, "PieceSize", client, "Client", provider, "Provider", label,
                "Label", startEpoch, "StartEpoch", endEpoch, "EndEpoch", storagePricePerEpoch, "StoragePricePerEpoch",
                providerCollateral, "ProviderCollateral", clientCollateral, "ClientCollateral");
    }

    /** Epochs from start to end; negative when the proposal ends before it starts. */
    public long duration() {
        return endEpoch.since(startEpoch);
    }

    /** Price per epoch times duration (deal-lifecycle §7.2). */
    public TokenAmount totalStorageFee() {
        return storagePricePerEpoch.times(duration());
    }

    /** What the client must have in escrow: its collateral and the whole fee. */
    public TokenAmount clientBalanceRequirement() {
        return clientCollateral.plus(totalStorageFee());
    }

    /** What the provider must have in escrow: its collateral. */
    public TokenAmount providerBalanceRequirement() {
        return providerCollateral;
    }

    /** CID of the unsigned proposal by blake2b-256, the chain's key of a pending proposal. */
    public Cid cid() {
        return Cid.dagCborBlake2b(toCbor());
    }

    public DealProposal withClient(FilAddress newClient) {
        return new DealProposal(pieceCid, pieceSize, isVerified, newClient, provider, label, startEpoch, endEpoch,
                storagePricePerEpoch, providerCollateral, clientCollateral);
    }

    public void writeTo(CborWriter out) {
        out.array(11).cid(pieceCid).uint(pieceSize.bytes()).bool(isVerified);
        client.writeTo(out);
        provider.writeTo(out);
        label.writeTo(out);
        out.integer(startEpoch.value()).integer(endEpoch.value());
        storagePricePerEpoch.writeTo(out);
        providerCollateral.writeTo(out);
        clientCollateral.writeTo(out);
    }

    /** The bytes the client signs. */
    public byte[] toCbor() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    public static DealProposal readFrom(CborReader in) {
        in.tuple(11);
        return new DealProposal(in.cid(), PaddedPieceSize.of(in.uint()), in.bool(), FilAddress.readFrom(in),
                FilAddress.readFrom(in), DealLabel.readFrom(in), Epoch.of(in.integer()), Epoch.of(in.integer()),
                TokenAmount.readFrom(in), TokenAmount.readFrom(in), TokenAmount.readFrom(in));
    }

    public static DealProposal ofCbor(byte[] cbor) {
        CborReader in = new CborReader(cbor);
        DealProposal proposal = readFrom(in);
        in.end();
        return proposal;
    }
}
