package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.Chain;
import io.caravan.chain.OnChainSector;
import io.caravan.model.Deal;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.Sector;
import io.caravan.model.SectorMove;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorPiece;
import io.caravan.model.SectorState;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.DealStore;
import io.caravan.store.SectorStore;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The miner's actor and sectors: ActorAddress, ActorSectorSize, Sectors*. States are those of our sealing routes. */
public final class SectorApi {
    private static final int PAGE = 500;

    private final ApiJson json;
    private final FilAddress ours;
    private final SectorStore sectors;
    private final DealStore deals;
    private final Chain chain;

    public SectorApi(ApiJson json, FilAddress ours, SectorStore sectors, DealStore deals, Chain chain) {
        this.json = json;
        this.ours = ours;
        this.sectors = sectors;
        this.deals = deals;
        this.chain = chain;
    }

    public void register(MethodTable methods) {
        methods.register("Filecoin.ActorAddress", RpcMethod.read(0, (params, context) -> json.address(ours)));
        methods.register("Filecoin.ActorSectorSize", RpcMethod.read(1,
                (params, context) -> chain.minerInfo(ApiJson.address(params, 0, "miner")).sectorSize()));
        methods.register("Filecoin.SectorsList", RpcMethod.read(0, (params, context) -> numbers(Set.of())));
        methods.register("Filecoin.SectorsListInStates", RpcMethod.read(1, this::listInStates));
        methods.register("Filecoin.SectorsSummary", RpcMethod.read(0, this::summary));
        methods.register("Filecoin.SectorsStatus", RpcMethod.read(2, this::status));
        methods.register("Filecoin.SectorsRefs", RpcMethod.read(0, this::refs));
    }

    private ArrayNode numbers(Set<SectorState> states) {
        ArrayNode list = json.list();
        each(states, sector -> list.add(sector.number().value()));
        return list;
    }

    private void each(Set<SectorState> states, Consumer<Sector> visitor) {
        SectorNumber last = null;
        List<Sector> page;
        do {
            page = sectors.list(states, last, PAGE);
            page.forEach(visitor);
            last = page.isEmpty() ? last : page.get(page.size() - 1).number();
        } while (page.size() == PAGE);
    }

    /** Names that no state has are passed over, as Lotus does. */
    private @Nullable Object listInStates(Params params, CallContext context) {
        Set<SectorState> wanted = EnumSet.noneOf(SectorState.class);
        for (JsonNode name : params.list(0, "states")) {
            for (SectorState state : SectorState.values()) {
                if (state.wireName().equals(name.asText())) {
                    wanted.add(state);
                }
            }
        }
        return wanted.isEmpty() ? null : numbers(wanted);
    }

    private Object summary(Params params, CallContext context) {
        ObjectNode summary = json.object();
        sectors.count().forEach((state, count) -> summary.put(state.wireName(), count));
        return summary;
    }

    private Object status(Params params, CallContext context) {
        long wanted = params.integer(0, "sector number");
        boolean isOnChainShown = params.bool(1, "showOnChainInfo");
        SectorNumber number = params.parsed(0, "sector number", node -> new SectorNumber(wanted));
        Sector sector = sectors.find(number).orElseThrow(() -> new RpcException("sector " + wanted + " not found"));
        ObjectNode info = json.object().put("SectorID", wanted).put("State", sector.state().wireName());
        info.set("CommD", json.cid(sector.commD()));
        info.set("CommR", json.cid(sector.commR()));
        info.set("Proof", json.tree(sector.proof()));
        ArrayNode ids = info.putArray("Deals");
        ArrayNode pieces = info.putArray("Pieces");
        for (SectorPiece piece : sectors.piecesOf(number)) {
            ids.add(piece.dealId());
            pieces.add(piece(piece));
        }
        info.set("Ticket", draw(sector.ticket()));
        info.set("Seed", draw(sector.seed()));
        info.set("PreCommitMsg", json.cid(sector.preCommit().cid()));
        info.set("CommitMsg", json.cid(sector.prove().cid()));
        info.put("Retries", sector.turn().attempt()).put("ToUpgrade", false).putNull("ReplicaUpdateMessage");
        String error = sector.waiting().lastError() != null ? sector.waiting().lastError() : sector.message();
        info.put("LastErr", error == null ? "" : error);
        info.set("Log", log(sectors.events(number)));
        onChain(info, sector, isOnChainShown ? chain.sector(ours, number) : Optional.empty());
        return info;
    }

    private ObjectNode piece(SectorPiece piece) {
        ObjectNode item = json.object();
        ObjectNode size = item.putObject("Piece").put("Size", piece.size().bytes());
        size.set("PieceCID", json.cid(piece.pieceCid()));
        ObjectNode deal = item.putObject("DealInfo");
        deal.set("PublishCid", json.cid(piece.publishCid()));
        deal.put("DealID", piece.dealId());
        Optional<Deal> row = deals.find(piece.proposalCid(), Role.PROVIDER);
        deal.set("DealProposal", json.tree(row.map(found -> found.proposal().proposal()).orElse(null)));
        deal.putObject("DealSchedule").put("StartEpoch", piece.startEpoch().value())
                .put("EndEpoch", piece.endEpoch().value());
        deal.putNull("PieceActivationManifest").put("KeepUnsealed", piece.keepUnsealed());
        return item;
    }

    private JsonNode draw(Sector.@Nullable Draw draw) {
        ObjectNode item = json.object();
        item.set("Value", draw == null ? json.tree(null) : json.tree(draw.value()));
        return item.put("Epoch", draw == null ? 0 : draw.epoch().value());
    }

    private ArrayNode log(List<SectorMove> moves) {
        ArrayNode log = json.list();
        for (SectorMove move : moves) {
            String note = move.note();
            log.addObject().put("Kind", "event;" + move.event()).put("Timestamp", move.at().getEpochSecond())
                    .put("Trace", "")
                    .put("Message", move.from() + " → " + move.to() + (note == null ? "" : ": " + note));
        }
        return log;
    }

    private static void onChain(ObjectNode info, Sector sector, Optional<OnChainSector> found) {
        info.put("SealProof", found.isPresent() ? sector.sealProof() : 0);
        info.put("Activation", found.map(chain -> chain.activation().value()).orElse(0L));
        info.put("Expiration", found.map(chain -> chain.expiration().value()).orElse(0L));
        info.put("DealWeight", "0").put("VerifiedDealWeight", "0");
        info.put("InitialPledge", found.map(chain -> chain.initialPledge().toAttoString()).orElse("0"));
        info.put("OnTime", found.map(chain -> chain.expiration().value()).orElse(0L)).put("Early", 0);
    }

    /** By deal id: where its piece lies. Sizes are unpadded here. */
    private Object refs(Params params, CallContext context) {
        ObjectNode refs = json.object();
        each(Set.of(), sector -> {
            for (SectorPiece piece : sectors.piecesOf(sector.number())) {
                Long offset = piece.offset();
                refs.withArray(String.valueOf(piece.dealId())).addObject().put("SectorID", sector.number().value())
                        .put("Offset", offset == null ? 0 : offset / 128 * 127)
                        .put("Size", piece.size().unpadded().bytes());
            }
        });
        return refs;
    }
}
