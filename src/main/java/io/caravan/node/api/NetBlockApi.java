package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.PeerFilter;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerList;
import io.caravan.libp2p.Subnet;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.NetBlocks;
import io.caravan.store.NetBlocks.Kind;
import io.caravan.store.NetBlocks.Line;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whom our libp2p host keeps away: {@code NetBlockAdd}, {@code NetBlockRemove} and {@code NetBlockList} with {@code
 * {"Peers":[…],"IPAddrs":[…],"IPSubnets":[…]}}; and {@code Caravan.NetAllow…} with the same, whom alone it deals with once
 * there is any. What is listed stays so over restarts; connections that are refused by it end at once. What settings list
 * cannot be taken away here.
 */
public final class NetBlockApi {

    private static final int MOST = 10_000;
    private static final Map<Kind, String> FIELDS = new EnumMap<>(Map.of(Kind.PEER, "Peers", Kind.IP, "IPAddrs",
            Kind.SUBNET, "IPSubnets"));

    private final ApiJson json;
    private final Host host;
    private final Lists lists;

    /**
     * The same lists, as rows and settings have them and as a host goes by them.
     *
     * @param alwaysBlocked by the settings, as they are now
     * @param alwaysAllowed by the settings, as they are now
     */
    public record Lists(NetBlocks blocked, NetBlocks allowed, Supplier<List<Line>> alwaysBlocked, Supplier<List<Line>> alwaysAllowed, PeerFilter filter) {

        /** Fills the filter from rows and settings; returns it. */
        public PeerFilter read() {
            for (Wishes wishes : List.of(blocks(), allowances())) {
                added(wishes.lines(), wishes.live());
            }
            return filter;
        }

        /** Makes the filter what it is now; what is new counts before what is gone stops to. */
        private void renew() {
            read();
            for (Wishes wishes : List.of(blocks(), allowances())) {
                Set<PeerId> peers = new HashSet<>();
                Set<Subnet> networks = new HashSet<>();
                each(wishes.lines(), peers::add, networks::add);
                wishes.live().keep(peers, networks);
            }
        }

        Wishes blocks() {
            return new Wishes(blocked, alwaysBlocked, filter.blocked());
        }

        Wishes allowances() {
            return new Wishes(allowed, alwaysAllowed, filter.allowed());
        }
    }

    /** One of the two lists: what operators added, what the settings say, and both as the host goes by them. */
    private record Wishes(NetBlocks rows, Supplier<List<Line>> always, PeerList live) {

        List<Line> lines() {
            return Stream.concat(rows.list().stream(), always.get().stream()).toList();
        }
    }

    public NetBlockApi(ApiJson json, Host host, Lists lists) {
        this.json = json;
        this.host = host;
        this.lists = lists;
    }

    /**
     * Lines of a list in settings: peers, addresses and networks.
     *
     * @throws IllegalArgumentException in one sentence if one is none of these
     */
    public static List<Line> lines(String list) {
        List<Line> lines = new ArrayList<>();
        for (String part : list.split(",")) {
            String text = part.strip();
            if (text.indexOf('.') < 0 && text.indexOf(':') < 0) {
                lines.add(new Line(Kind.PEER, PeerId.parse(text).toString()));
            } else {
                Kind kind = text.indexOf('/') < 0 ? Kind.IP : Kind.SUBNET;
                lines.add(new Line(kind, network(kind, text).toString()));
            }
        }
        return lines;
    }

    /** The settings have other lists: they count now, and whom they refuse is let go. */
    public void settingsChanged() {
        lists.renew();
        endRefused();
    }

    public void register(MethodTable methods) {
        Wishes blocks = lists.blocks();
        Wishes allowances = lists.allowances();
        methods.register("Filecoin.NetBlockAdd", RpcMethod.of(Permission.ADMIN, 1, (params, context) -> add(blocks, lines(params))));
        methods.register("Filecoin.NetBlockRemove", RpcMethod.of(Permission.ADMIN, 1, (params, context) -> remove(blocks, lines(params))));
        methods.register("Filecoin.NetBlockList", RpcMethod.read(0, (params, context) -> list(blocks)));
        methods.register("Caravan.NetAllowAdd", RpcMethod.of(Permission.ADMIN, 1, (params, context) -> add(allowances, lines(params))));
        methods.register("Caravan.NetAllowRemove", RpcMethod.of(Permission.ADMIN, 1, (params, context) -> remove(allowances, lines(params))));
        methods.register("Caravan.NetAllowList", RpcMethod.read(0, (params, context) -> list(allowances)));
    }

    private @Nullable Object add(Wishes to, List<Line> lines) {
        to.rows().add(lines);
        added(lines, to.live());
        return endRefused();
    }

    /** What the settings say stays. */
    private @Nullable Object remove(Wishes from, List<Line> lines) {
        from.rows().remove(lines);
        each(without(lines, from.always().get()), from.live()::remove, from.live()::remove);
        return endRefused();
    }

    private @Nullable Object endRefused() {
        for (Connection connection : host.connections()) {
            if (isRefused(connection)) {
                host.disconnect(connection.remotePeer());
            }
        }
        return null;
    }

    private static List<Line> without(List<Line> lines, List<Line> others) {
        return lines.stream().filter(line -> !others.contains(line)).toList();
    }

    private Object list(Wishes of) {
        ObjectNode answer = json.object();
        Map<Kind, ArrayNode> arrays = new EnumMap<>(Kind.class);
        for (Kind kind : List.of(Kind.PEER, Kind.IP, Kind.SUBNET)) {
            arrays.put(kind, answer.putArray(FIELDS.get(kind)));
        }
        List<Line> stored = of.rows().list();
        Stream.concat(stored.stream(), without(of.always().get(), stored).stream()).forEach(line -> arrays.get(line.kind()).add(line.value()));
        return answer;
    }

    /** All of them are read, in their usual form, before anything changes. */
    private static List<Line> lines(Params params) {
        JsonNode object = params.object(0, "block list");
        return params.parsed(0, "block list", node -> {
            List<Line> lines = new ArrayList<>();
            FIELDS.forEach((kind, field) -> {
                JsonNode values = object.path(field);
                if (!values.isArray() && !values.isMissingNode() && !values.isNull()) {
                    throw new IllegalArgumentException(field + " is no list");
                }
                values.forEach(value -> lines.add(line(kind, value)));
            });
            if (lines.size() > MOST) {
                throw new IllegalArgumentException("more than " + MOST + " entries");
            }
            return lines;
        });
    }

    private static Line line(Kind kind, JsonNode value) {
        if (!value.isTextual()) {
            throw new IllegalArgumentException(FIELDS.get(kind) + " holds what is no text");
        }
        String text = value.textValue().strip();
        return new Line(kind, kind == Kind.PEER ? PeerId.parse(text).toString() : network(kind, text).toString());
    }

    /** A network of one address is written without its length. */
    private static Subnet network(Kind kind, String text) {
        return kind == Kind.IP || text.indexOf('/') < 0 ? Subnet.ofAddress(text) : Subnet.parse(text);
    }

    private static void added(List<Line> lines, PeerList to) {
        each(lines, to::add, to::add);
    }

    private static void each(List<Line> lines, Consumer<PeerId> peers, Consumer<Subnet> networks) {
        lines.forEach(line -> {
            if (line.kind() == Kind.PEER) {
                peers.accept(PeerId.parse(line.value()));
            } else {
                networks.accept(network(line.kind(), line.value()));
            }
        });
    }

    private boolean isRefused(Connection connection) {
        return connection.remoteAddress().value("ip4").or(() -> connection.remoteAddress().value("ip6")).map(text -> {
            try {
                return lists.filter().refuses(connection.remotePeer(), InetAddress.getByName(text)); // an address, nothing to look up
            } catch (UnknownHostException e) {
                return lists.filter().refuses(connection.remotePeer());
            }
        }).orElseGet(() -> lists.filter().refuses(connection.remotePeer()));
    }
}
