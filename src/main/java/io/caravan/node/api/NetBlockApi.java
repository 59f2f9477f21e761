package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.libp2p.BlockList;
import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Subnet;
import io.caravan.rpc.CallContext;
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
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whom our libp2p host keeps away: {@code NetBlockAdd}, {@code NetBlockRemove} and {@code NetBlockList} with {@code
 * {"Peers":[…],"IPAddrs":[…],"IPSubnets":[…]}}. What is blocked stays so over restarts; connections with it end at once.
 */
public final class NetBlockApi {

    private static final int MOST = 10_000;
    private static final Map<Kind, String> FIELDS = new EnumMap<>(Map.of(Kind.PEER, "Peers", Kind.IP, "IPAddrs",
            Kind.SUBNET, "IPSubnets"));

    private final ApiJson json;
    private final Host host;
    private final NetBlocks rows;
    private final BlockList blocked;

    /** The same list, as rows and as a host goes by it. */
    public record Lists(NetBlocks rows, BlockList blocked) {}

    public NetBlockApi(ApiJson json, Host host, Lists lists) {
        this.json = json;
        this.host = host;
        this.rows = lists.rows();
        this.blocked = lists.blocked();
    }

    /** Fills a host's list from the rows; returns it. */
    public static BlockList read(NetBlocks rows, BlockList list) {
        rows.list().forEach(line -> {
            if (line.kind() == Kind.PEER) {
                list.block(PeerId.parse(line.value()));
            } else {
                list.block(network(line.kind(), line.value()));
            }
        });
        return list;
    }

    public void register(MethodTable methods) {
        methods.register("Filecoin.NetBlockAdd", RpcMethod.of(Permission.ADMIN, 1, this::add));
        methods.register("Filecoin.NetBlockRemove", RpcMethod.of(Permission.ADMIN, 1, this::remove));
        methods.register("Filecoin.NetBlockList", RpcMethod.read(0, this::list));
    }

    private @Nullable Object add(Params params, CallContext context) {
        List<Line> lines = lines(params);
        rows.add(lines);
        each(lines, blocked::block, blocked::block);
        for (Connection connection : host.connections()) {
            if (blocked.blocks(connection.remotePeer()) || isFromBlocked(connection)) {
                host.disconnect(connection.remotePeer());
            }
        }
        return null;
    }

    private @Nullable Object remove(Params params, CallContext context) {
        List<Line> lines = lines(params);
        rows.remove(lines);
        each(lines, blocked::unblock, blocked::unblock);
        return null;
    }

    private Object list(Params params, CallContext context) {
        ObjectNode answer = json.object();
        Map<Kind, ArrayNode> arrays = new EnumMap<>(Kind.class);
        for (Kind kind : List.of(Kind.PEER, Kind.IP, Kind.SUBNET)) {
            arrays.put(kind, answer.putArray(FIELDS.get(kind)));
        }
        rows.list().forEach(line -> arrays.get(line.kind()).add(line.value()));
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

    private static void each(List<Line> lines, Consumer<PeerId> peers, Consumer<Subnet> networks) {
        lines.forEach(line -> {
            if (line.kind() == Kind.PEER) {
                peers.accept(PeerId.parse(line.value()));
            } else {
                networks.accept(network(line.kind(), line.value()));
            }
        });
    }

    private boolean isFromBlocked(Connection connection) {
        return connection.remoteAddress().value("ip4").or(() -> connection.remoteAddress().value("ip6")).filter(text -> {
            try {
                return blocked.blocks(InetAddress.getByName(text)); // an address, nothing to look up
            } catch (UnknownHostException e) {
                return false;
            }
        }).isPresent();
    }
}
