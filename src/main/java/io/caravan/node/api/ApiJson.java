package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.Params;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads parameters into our values and writes our values as Lotus does, addresses with the network's letter. */
public final class ApiJson {
    private final ObjectMapper mapper;
    private final Network network;
    private final RouteStops stops;

    /** For a node whose every route runs. */
    public ApiJson(Network network) {
        this(network, RouteStops.NONE);
    }

    /** @param stops which phases nobody serves now, as everything that tells of waiting says */
    public ApiJson(Network network, RouteStops stops) {
        this.network = network;
        this.stops = stops;
        mapper = ModelJson.newMapper(network);
    }

    RouteStops stops() {
        return stops;
    }

    ObjectMapper mapper() {
        return mapper;
    }

    ObjectNode object() {
        return mapper.createObjectNode();
    }

    ArrayNode list() {
        return mapper.createArrayNode();
    }

    /** Any record or collection of ours; null stays null. */
    JsonNode tree(@Nullable Object value) {
        return mapper.valueToTree(value);
    }

    JsonNode cid(@Nullable Cid cid) {
        return LotusJson.cid(cid);
    }

    String address(FilAddress address) {
        return address.toString(network);
    }

    /** {@code {"ID":…,"Addrs":[…]}}. */
    ObjectNode addrInfo(PeerId peer, List<Multiaddr> addresses) {
        ObjectNode info = object().put("ID", peer.toString());
        ArrayNode list = info.putArray("Addrs");
        addresses.forEach(address -> list.add(address.toString()));
        return info;
    }

    static FilAddress address(Params params, int position, String name) {
        String text = params.text(position, name);
        return params.parsed(position, name, node -> FilAddress.parse(text));
    }

    static PeerId peer(Params params, int position, String name) {
        String text = params.text(position, name);
        return params.parsed(position, name, node -> PeerId.parse(text));
    }

    static TokenAmount amount(Params params, int position, String name) {
        return TokenAmount.ofAtto(params.bigInteger(position, name));
    }
}
