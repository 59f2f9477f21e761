package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.deal.DealRequest;
import io.caravan.model.DataRef;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.model.UnpaddedPieceSize;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The one parameter of ClientStartDeal, read field by field so that a wrong one is named (chain-and-rpc §2.1). */
final class StartDealParams {
    private static final String NAME = "deal";

    private final Params params;
    private final JsonNode deal;

    private StartDealParams(Params params) {
        this.params = params;
        this.deal = params.object(0, NAME);
    }

    static DealRequest read(Params params) {
        return new StartDealParams(params).request();
    }

    private DealRequest request() {
        JsonNode fast = deal.path("FastRetrieval");
        return new DealRequest(data(),
                required("Wallet", StartDealParams::address), required("Miner", StartDealParams::address),
                required("EpochPrice", StartDealParams::amount), required("MinBlocksDuration", LotusJson::integer),
                optional("ProviderCollateral", StartDealParams::amount), startEpoch(),
                fast.isMissingNode() || fast.isNull() || required("FastRetrieval", StartDealParams::bool),
                Boolean.TRUE.equals(optional("VerifiedDeal", StartDealParams::bool)));
    }

    private DataRef data() {
        return required("Data", data -> {
            if (!data.isObject()) {
                throw new IllegalArgumentException("expected an object");
            }
            JsonNode piece = data.path("PieceCid");
            Cid pieceCid = piece.isMissingNode() || piece.isNull() ? null : LotusJson.cid(piece);
            return new DataRef(data.path("TransferType").asText(DataRef.GRAPHSYNC), LotusJson.cid(data.path("Root")),
                    pieceCid, UnpaddedPieceSize.of(number(data.path("PieceSize"))), number(data.path("RawBlockSize")));
        });
    }

    /** Not positive means: the usual. */
    private @Nullable Epoch startEpoch() {
        Long start = optional("DealStartEpoch", LotusJson::integer);
        return start == null || start <= 0 ? null : Epoch.of(start);
    }

    private <T> T required(String field, Function<JsonNode, T> reader) {
        JsonNode node = deal.path(field);
        if (node.isMissingNode() || node.isNull()) {
            throw refused(field, "is missing");
        }
        try {
            return reader.apply(node);
        } catch (IllegalArgumentException e) {
            throw refused(field, String.valueOf(e.getMessage()));
        }
    }

    private <T> @Nullable T optional(String field, Function<JsonNode, T> reader) {
        JsonNode node = deal.path(field);
        return node.isMissingNode() || node.isNull() ? null : required(field, reader);
    }

    private RpcException refused(String field, String why) {
        return params.refused(0, NAME, field + ": " + why);
    }

    private static FilAddress address(JsonNode node) {
        if (!node.isTextual()) {
            throw new IllegalArgumentException("expected an address in quotes");
        }
        return FilAddress.parse(node.textValue());
    }

    private static TokenAmount amount(JsonNode node) {
        return TokenAmount.ofAtto(LotusJson.bigInt(node));
    }

    private static boolean bool(JsonNode node) {
        if (!node.isBoolean()) {
            throw new IllegalArgumentException("expected true or false");
        }
        return node.booleanValue();
    }

    private static long number(JsonNode node) {
        return node.isMissingNode() || node.isNull() ? 0 : LotusJson.integer(node);
    }
}
