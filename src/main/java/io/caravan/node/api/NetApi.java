package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.HostStats;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerInfo;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Our libp2p host as the Net* methods show it: addresses, peers, connections. */
public final class NetApi {
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final int MAX_ADDRESSES = 64;

    private final ApiJson json;
    private final Host host;

    public NetApi(ApiJson json, Host host) {
        this.json = json;
        this.host = host;
    }

    public void register(MethodTable methods) {
        methods.register("Filecoin.NetAddrsListen", RpcMethod.read(0,
                (params, context) -> json.addrInfo(host.peerId(), host.listenAddresses())));
        methods.register("Filecoin.NetPeers", RpcMethod.read(0, this::peers));
        methods.register("Filecoin.NetConnect", RpcMethod.of(Permission.WRITE, 1, this::connect));
        methods.register("Filecoin.NetDisconnect", RpcMethod.of(Permission.WRITE, 1, this::disconnect));
        methods.register("Filecoin.NetConnectedness", RpcMethod.read(1,
                (params, context) -> connection(ApiJson.peer(params, 0, "peer")).isPresent() ? 1 : 0));
        methods.register("Filecoin.NetFindPeer", RpcMethod.read(1, this::findPeer));
        methods.register("Filecoin.NetPeerInfo", RpcMethod.read(1, this::peerInfo));
        methods.register("Filecoin.NetAgentVersion", RpcMethod.read(1,
                (params, context) -> info(ApiJson.peer(params, 0, "peer")).agent()));
        methods.register("Filecoin.NetPing", RpcMethod.read(1, this::ping));
        methods.register("Filecoin.NetBandwidthStats", RpcMethod.read(0, this::bandwidth));
        methods.register("Filecoin.NetAutoNatStatus", RpcMethod.read(0,
                (params, context) -> json.object().put("Reachability", 0).putNull("PublicAddrs")));
    }

    private Object peers(Params params, CallContext context) {
        Map<PeerId, List<Multiaddr>> connected = new LinkedHashMap<>();
        for (Connection connection : host.connections()) {
            connected.computeIfAbsent(connection.remotePeer(), peer -> new ArrayList<>())
                    .add(connection.remoteAddress());
        }
        ArrayNode list = json.list();
        connected.forEach((peer, addresses) -> list.add(json.addrInfo(peer, addresses)));
        return list;
    }

    private @Nullable Object connect(Params params, CallContext context) {
        JsonNode info = params.object(0, "peer address");
        PeerId peer = params.parsed(0, "peer address", node -> PeerId.parse(info.path("ID").asText()));
        List<Multiaddr> addresses = params.parsed(0, "peer address", node -> addresses(info.path("Addrs")));
        host.connect(peer, addresses, CONNECT);
        return null;
    }

    private static List<Multiaddr> addresses(JsonNode texts) {
        if (texts.size() > MAX_ADDRESSES) {
            throw new IllegalArgumentException("more than " + MAX_ADDRESSES + " addresses");
        }
        List<Multiaddr> addresses = new ArrayList<>();
        for (JsonNode text : texts) {
            addresses.add(Multiaddr.parse(text.asText()).withoutPeer());
        }
        return addresses;
    }

    private @Nullable Object disconnect(Params params, CallContext context) {
        host.disconnect(ApiJson.peer(params, 0, "peer"));
        return null;
    }

    /** There is no DHT: what the address book knows is all there is. */
    private Object findPeer(Params params, CallContext context) {
        PeerId peer = ApiJson.peer(params, 0, "peer");
        List<Multiaddr> known = new ArrayList<>(host.peers().addresses(peer));
        connection(peer).map(Connection::remoteAddress).filter(address -> !known.contains(address))
                .ifPresent(known::add);
        if (known.isEmpty()) {
            throw new RpcException("routing: not found: no address of peer " + peer + " is known here");
        }
        return json.addrInfo(peer, known);
    }

    private Object peerInfo(Params params, CallContext context) {
        PeerInfo info = info(ApiJson.peer(params, 0, "peer"));
        ObjectNode answer = json.object().put("ID", info.peer().toString()).put("Agent", info.agent());
        ArrayNode addresses = answer.putArray("Addrs");
        info.listenAddresses().forEach(address -> addresses.add(address.toString()));
        ArrayNode protocols = answer.putArray("Protocols");
        info.protocols().forEach(protocols::add);
        Optional<Connection> open = connection(info.peer());
        if (open.isEmpty()) {
            return answer.putNull("ConnMgrMeta");
        }
        ObjectNode meta = answer.putObject("ConnMgrMeta").put("FirstSeen", open.get().openedAt().toString())
                .put("Value", 0);
        meta.putObject("Tags");
        meta.putObject("Conns").put(open.get().remoteAddress().toString(), open.get().openedAt().toString());
        return answer;
    }

    private PeerInfo info(PeerId peer) {
        return connection(peer).flatMap(Connection::identified).or(() -> host.peers().info(peer))
                .orElseThrow(() -> new RpcException("peer " + peer + " has not told anything about itself"));
    }

    private Object ping(Params params, CallContext context) {
        PeerId peer = ApiJson.peer(params, 0, "peer");
        return connection(peer).flatMap(Connection::roundTrip)
                .orElseThrow(() -> new RpcException(
                        "no ping of peer " + peer + " has been answered: is it connected?"));
    }

    private Object bandwidth(Params params, CallContext context) {
        HostStats stats = host.stats();
        return json.object().put("TotalIn", stats.bytesIn()).put("TotalOut", stats.bytesOut())
                .put("RateIn", 0.0).put("RateOut", 0.0);
    }

    private Optional<Connection> connection(PeerId peer) {
        return host.connections().stream()
                .filter(connection -> connection.isOpen() && connection.remotePeer().equals(peer)).findFirst();
    }
}
