package io.caravan.node.api;

import io.caravan.deal.TransferRows;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.Chain;
import io.caravan.chain.MarketDeal;
import io.caravan.deal.AskKeeper;
import io.caravan.model.Deal;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.Role;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcCall;
import io.caravan.rpc.RpcException;
import io.caravan.store.DealStore;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The provider's market as its operator sees it; each public method is the bean of one {@code jsonrpc:} route. */
public final class MinerApi {
    private static final int MAX_TRANSFERS = 1000;

    private final ApiJson json;
    private final DealJson shapes;
    private final Tools tools;
    private final Updates dealUpdates;
    private final Updates transferUpdates;

    /**
     * What the methods ask.
     *
     * @param ours our miner actor
     */
    public record Tools(FilAddress ours, AskKeeper asks, DealStore deals, TransferRows transfers, Chain chain) {}

    /**
     * @param dealUpdates for MarketGetDealUpdates; fed here from the store's moves
     * @param transferUpdates for MarketDataTransferUpdates; fed here from the rows
     */
    public MinerApi(ApiJson json, DealJson shapes, Tools tools, Updates dealUpdates, Updates transferUpdates) {
        this.json = json;
        this.shapes = shapes;
        this.tools = tools;
        this.dealUpdates = dealUpdates;
        this.transferUpdates = transferUpdates;
        tools.deals().onMove(move -> {
            if (move.role() == Role.PROVIDER) {
                dealUpdates.tell(() -> tools.deals().find(move.proposalCid(), Role.PROVIDER).map(shapes::minerDeal));
            }
        });
        tools.transfers().onSave(transfer -> {
            if (transfer.role() == Role.PROVIDER) {
                transferUpdates.tell(() -> Optional.of(shapes.transfer(transfer)));
            }
        });
    }

    /** MarketGetAsk: our ask with its signature. */
    public JsonNode getAsk(RpcCall call) {
        return tools.asks().find(tools.ours()).map(json::tree)
                .orElseThrow(() -> new RpcException("this miner has set no ask yet; set one with MarketSetAsk"));
    }

    /** MarketSetAsk: price, price for verified deals, epochs it holds, smallest and biggest padded piece. */
    public @Nullable JsonNode setAsk(RpcCall call) {
        Params params = call.params();
        tools.asks().set(new AskKeeper.Terms(ApiJson.amount(params, 0, "price"),
                ApiJson.amount(params, 1, "verified price"), params.integer(2, "duration in epochs"),
                size(params, 3, "smallest piece"), size(params, 4, "biggest piece")));
        return null;
    }

    private static PaddedPieceSize size(Params params, int position, String name) {
        long bytes = params.integer(position, name);
        return params.parsed(position, name, node -> PaddedPieceSize.of(bytes).checked());
    }

    /** MarketListDeals: our deals as the chain has them now. */
    public JsonNode listDeals(RpcCall call) {
        ArrayNode list = json.list();
        DealPages.each(tools.deals(), Role.PROVIDER,
                deal -> onChain(deal).ifPresent(found -> list.add(onChain(found))));
        return list;
    }

    private Optional<MarketDeal> onChain(Deal deal) {
        Long id = deal.dealId();
        return id == null || deal.isFinal() ? Optional.empty() : tools.chain().storageDeal(id);
    }

    private ObjectNode onChain(MarketDeal deal) {
        ObjectNode item = json.object();
        item.set("Proposal", json.tree(deal.proposal()));
        item.putObject("State").put("SectorNumber", deal.sector().value()).put("SectorStartEpoch", deal.sectorStart())
                .put("LastUpdatedEpoch", deal.lastUpdated()).put("SlashEpoch", deal.slashed());
        return item;
    }

    /** MarketListIncompleteDeals: despite its name all our deals, newest first. */
    public JsonNode listIncompleteDeals(RpcCall call) {
        ArrayNode list = json.list();
        DealPages.each(tools.deals(), Role.PROVIDER, deal -> list.add(shapes.minerDeal(deal)));
        return list;
    }

    /** MarketGetDealUpdates: a channel with the deal after each of its events from now on. */
    public OutChannel getDealUpdates(RpcCall call) {
        return dealUpdates.subscribe(call.context());
    }

    /** MarketListDataTransfers: the newest transfers, at most a thousand. */
    public JsonNode listDataTransfers(RpcCall call) {
        ArrayNode list = json.list();
        tools.transfers().list(Role.PROVIDER, MAX_TRANSFERS).forEach(transfer -> list.add(shapes.transfer(transfer)));
        return list;
    }

    /** MarketDataTransferUpdates: a channel with every transfer after each change from now on. */
    public OutChannel dataTransferUpdates(RpcCall call) {
        return transferUpdates.subscribe(call.context());
    }
}
