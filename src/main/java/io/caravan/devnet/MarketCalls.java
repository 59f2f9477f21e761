package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.MarketDealState;
import io.caravan.codec.LotusJson;
import io.caravan.model.FilAddress;
import io.caravan.model.MarketBalance;
import io.caravan.model.PaddedPieceSize;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import java.util.Optional;

/** {@code Filecoin.State*} about the market and verified data. */
final class MarketCalls {

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;

    MarketCalls(LiveChain chain, Shapes shapes) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
    }

    void register(MethodTable table) {
        ChainCalls.read(table, "StateMarketBalance", 2, params -> balance(params));
        ChainCalls.read(table, "StateMarketParticipants", 1, params -> {
            ObjectNode all = shapes.object();
            reader.state(params, 0).table(Tables.ESCROW).forEach((id, escrow) ->
                    all.set(shapes.address(id), balance(escrow)));
            return all;
        });
        ChainCalls.read(table, "StateMarketStorageDeal", 2, this::storageDeal);
        ChainCalls.read(table, "StateMarketDeals", 1, params -> {
            ObjectNode all = shapes.object();
            reader.state(params, 0).table(Tables.DEALS).forEach((id, deal) -> all.set(Long.toString(id), deal(deal)));
            return all;
        });
        ChainCalls.read(table, "StateMarketProposalPending", 2, params ->
                shapes.of(reader.state(params, 1).table(Tables.PENDING).contains(reader.cid(params, 0))));
        ChainCalls.read(table, "StateDealProviderCollateralBounds", 3, this::bounds);
        ChainCalls.read(table, "StateVerifiedClientStatus", 2, params -> {
            State state = reader.state(params, 1);
            Optional<Long> datacap = state.find(Tables.DATACAP, reader.id(state, reader.address(params, 0)));
            return shapes.of(datacap.map(Object::toString).orElse(null));
        });
        ChainCalls.read(table, "StateGetAllocationForPendingDeal", 2,
                params -> allocation(pendingAllocation(params), params));
        ChainCalls.read(table, "StateGetAllocationIdForPendingDeal", 2, params -> shapes.of(pendingAllocation(params)));
        ChainCalls.read(table, "StateGetAllocation", 3, params -> allocation(params.integer(1, "id"),
                reader.state(params, 2), reader.id(reader.state(params, 2), reader.address(params, 0))));
        ChainCalls.read(table, "StateGetClaim", 3, this::claim);
    }

    private JsonNode balance(Params params) {
        State state = reader.state(params, 1);
        return balance(state.escrow(reader.id(state, reader.address(params, 0))));
    }

    private JsonNode balance(Escrow escrow) {
        return shapes.of(new MarketBalance(escrow.escrow(), escrow.locked()));
    }

    private JsonNode storageDeal(Params params) {
        long id = params.integer(0, "deal id");
        return reader.state(params, 1).find(Tables.DEALS, id).map(this::deal)
                .orElseThrow(() -> new RpcException("deal " + id
                + " not found - deal may not have completed sealing before deal proposal start epoch, or deal may"
                + " have been slashed"));
    }

    private JsonNode deal(PublishedDeal deal) {
        MarketDealState state = deal.state() == null ? MarketDealState.NONE : deal.state();
        ObjectNode json = shapes.object();
        json.set("Proposal", shapes.of(deal.proposal()));
        json.set("State", shapes.object().put("SectorNumber", state.sector())
                .put("SectorStartEpoch", state.sectorStart())
                .put("LastUpdatedEpoch", state.lastUpdated()).put("SlashEpoch", state.slashed()));
        return json;
    }

    private JsonNode bounds(Params params) {
        PaddedPieceSize size = params.parsed(0, "piece size", node -> PaddedPieceSize.of(LotusJson.integer(node)));
        long power = reader.state(params, 2).totals().rawPower();
        ObjectNode json = shapes.object();
        json.put("Min", chain.rules().minCollateral(size, power).timesRatio(110, 100).toAttoString());
        return json.put("Max", Rules.maxFil().toAttoString());
    }

    private long pendingAllocation(Params params) {
        return reader.state(params, 1).find(Tables.DEALS, params.integer(0, "deal id")).map(PublishedDeal::allocation)
                .orElseThrow(() -> new RpcException("deal " + params.integer(0, "deal id") + " not found"));
    }

    private JsonNode allocation(long id, Params params) {
        return reader.state(params, 1).find(Tables.ALLOCATIONS, id).map(this::allocation).orElse(shapes.of(null));
    }

    private JsonNode allocation(long id, State state, long client) {
        return state.find(Tables.ALLOCATIONS, id).filter(one -> one.client() == client).map(this::allocation)
                .orElse(shapes.of(null));
    }

    private JsonNode allocation(Allocation one) {
        ObjectNode json = shapes.object().put("Client", one.client()).put("Provider", one.provider());
        json.set("Data", LotusJson.cid(one.data()));
        return json.put("Size", one.size()).put("TermMin", one.termMin()).put("TermMax", one.termMax())
                .put("Expiration", one.expiration());
    }

    private JsonNode claim(Params params) {
        State state = reader.state(params, 2);
        FilAddress provider = reader.address(params, 0);
        long id = params.integer(1, "claim id");
        Claim claim = state.find(Tables.CLAIMS, id)
                .filter(one -> one.allocation().provider() == reader.id(state, provider)).orElse(null);
        if (claim == null) {
            return shapes.of(null);
        }
        Allocation one = claim.allocation();
        ObjectNode json = shapes.object().put("Provider", one.provider()).put("Client", one.client());
        json.set("Data", LotusJson.cid(one.data()));
        return json.put("Size", one.size()).put("TermMin", one.termMin()).put("TermMax", one.termMax())
                .put("TermStart", claim.termStart()).put("Sector", claim.sector());
    }
}
