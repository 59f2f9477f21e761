package io.caravan.node.api;

import io.caravan.deal.TransferRows;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.Chain;
import io.caravan.codec.Cid;
import io.caravan.deal.DealStarter;
import io.caravan.deal.MinerPeer;
import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerInfo;
import io.caravan.market.AskClient;
import io.caravan.market.Transfer;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.SignedAsk;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.RpcCall;
import io.caravan.rpc.RpcException;
import io.caravan.store.DealStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The client's deals as middleware sees them; each public method is the bean of one {@code jsonrpc:} route. */
public final class ClientApi {
    private static final String DEAL_PROTOCOLS = "/fil/storage/mk/";
    private static final int MAX_TRANSFERS = 1000;

    private final ApiJson json;
    private final DealJson shapes;
    private final Tools tools;
    private final Updates dealUpdates;
    private final Updates transferUpdates;

    /** What the methods ask. */
    public record Tools(DealStarter starter, DealStore deals, TransferRows transfers, Chain chain, Host host,
            AskClient asks) {}

    /**
     * @param dealUpdates for ClientGetDealUpdates; fed here from the store's moves
     * @param transferUpdates for ClientDataTransferUpdates; fed here from the rows
     */
    public ClientApi(ApiJson json, DealJson shapes, Tools tools, Updates dealUpdates, Updates transferUpdates) {
        this.json = json;
        this.shapes = shapes;
        this.tools = tools;
        this.dealUpdates = dealUpdates;
        this.transferUpdates = transferUpdates;
        tools.deals().onMove(move -> {
            if (move.role() == Role.CLIENT) {
                dealUpdates.tell(() -> tools.deals().find(move.proposalCid(), Role.CLIENT).map(this::info));
            }
        });
        tools.transfers().onSave(transfer -> {
            if (transfer.role() == Role.CLIENT) {
                transferUpdates.tell(() -> Optional.of(shapes.transfer(transfer)));
            }
        });
    }

    /** ClientStartDeal: the proposal CID of a deal that is on its way. */
    public JsonNode startDeal(RpcCall call) {
        return json.cid(tools.starter().start(StartDealParams.read(call.params())).proposalCid());
    }

    /** ClientQueryAsk: the miner's ask, verified, and which deal protocols it speaks. */
    public JsonNode queryAsk(RpcCall call) {
        PeerId peer = ApiJson.peer(call.params(), 0, "peer");
        FilAddress miner = ApiJson.address(call.params(), 1, "miner");
        MinerPeer known = MinerPeer.of(tools.chain(), miner);
        SignedAsk ask = tools.asks().query(peer, peer.equals(known.peer()) ? known.addresses() : List.of(), miner);
        ObjectNode answer = json.object();
        answer.set("Response", json.tree(ask.ask()));
        ArrayNode protocols = answer.putArray("DealProtocols");
        dealProtocols(peer).forEach(protocols::add);
        return answer;
    }

    private List<String> dealProtocols(PeerId peer) {
        Optional<PeerInfo> info = tools.host().connections().stream()
                .filter(connection -> connection.remotePeer().equals(peer)).map(Connection::identified)
                .flatMap(Optional::stream).findFirst().or(() -> tools.host().peers().info(peer));
        return info.map(PeerInfo::protocols).orElse(List.of()).stream()
                .filter(protocol -> protocol.startsWith(DEAL_PROTOCOLS)).sorted().toList();
    }

    /** ClientGetDealInfo: one deal with its stages and its transfer. */
    public JsonNode getDealInfo(RpcCall call) {
        Cid proposalCid = call.params().cid(0, "proposal CID");
        Deal deal = tools.deals().find(proposalCid, Role.CLIENT).orElseThrow(
                () -> new RpcException("deal not found: no deal has the proposal CID " + proposalCid));
        return shapes.dealInfo(deal, tools.deals().events(proposalCid, Role.CLIENT), transfer(deal));
    }

    /** ClientListDeals: all deals, newest first, without stages. */
    public JsonNode listDeals(RpcCall call) {
        ArrayNode list = json.list();
        DealPages.every(tools.deals(), Role.CLIENT, page -> {
            List<Cid> moved = page.stream().filter(deal -> deal.transfer().id() != null).map(Deal::proposalCid).toList();
            Map<Cid, Transfer> transfers = moved.isEmpty() ? Map.of() : tools.transfers().newest(Role.CLIENT, moved);
            page.forEach(deal -> list.add(shapes.dealInfo(deal, null, transfers.get(deal.proposalCid()))));
        });
        return list;
    }

    /** ClientGetDealStatus: the name of a state by its number. */
    public String getDealStatus(RpcCall call) {
        long code = call.params().integer(0, "deal state");
        try {
            return DealState.ofCode(code).wireName();
        } catch (IllegalArgumentException e) {
            throw new RpcException("no such deal state " + code);
        }
    }

    /** ClientGetDealUpdates: a channel with the deal after each of its events from now on. */
    public OutChannel getDealUpdates(RpcCall call) {
        return dealUpdates.subscribe(call.context());
    }

    /** ClientListDataTransfers: the newest transfers, at most a thousand. */
    public JsonNode listDataTransfers(RpcCall call) {
        ArrayNode list = json.list();
        tools.transfers().list(Role.CLIENT, MAX_TRANSFERS).forEach(transfer -> list.add(shapes.transfer(transfer)));
        return list;
    }

    /** ClientDataTransferUpdates: a channel with every transfer after each change from now on. */
    public OutChannel dataTransferUpdates(RpcCall call) {
        return transferUpdates.subscribe(call.context());
    }

    private ObjectNode info(Deal deal) {
        return shapes.dealInfo(deal, null, deal.transfer().id() == null ? null : transfer(deal));
    }

    private @Nullable Transfer transfer(Deal deal) {
        return tools.transfers().findByProposal(Role.CLIENT, deal.proposalCid()).orElse(null);
    }
}
