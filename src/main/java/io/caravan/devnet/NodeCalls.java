package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Bytes;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import io.caravan.rpc.Tokens;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Version, tokens and the node's own state. */
final class NodeCalls {

    private static final int API_V1 = 2 << 16 | 3 << 8;
    private static final int API_V0 = 1 << 16 | 5 << 8;

    private final Shapes shapes;
    private final LiveChain chain;
    private final DevnetConfig config;
    private final Tokens tokens;
    private final Instant startedAt;
    private final UUID session = UUID.randomUUID();

    NodeCalls(Shapes shapes, LiveChain chain, DevnetConfig config, Tokens tokens, Clock clock) {
        this.shapes = shapes;
        this.chain = chain;
        this.config = config;
        this.tokens = tokens;
        this.startedAt = clock.instant();
    }

    void register(MethodTable table) {
        table.register("Filecoin.Version", RpcMethod.read(0, (params, context) -> version(context)));
        ChainCalls.read(table, "AuthVerify", 1, params -> {
            List<String> names = new ArrayList<>();
            tokens.verify(params.text(0, "token")).forEach(permission -> names.add(permission.wireName()));
            return shapes.of(names);
        });
        table.register("Filecoin.AuthNew", RpcMethod.of(Permission.ADMIN, 1, (params, context) -> {
            List<Permission> permissions = params.list(0, "permissions").stream()
                    .map(node -> Permission.ofName(node.asText())).toList();
            return shapes.of(Bytes.utf8(tokens.issue(permissions)));
        }));
        ChainCalls.read(table, "Session", 0, params -> shapes.of(session.toString()));
        ChainCalls.read(table, "StartTime", 0, params -> shapes.of(startedAt));
        table.register("Filecoin.Closing", RpcMethod.read(0, (params, context) -> closing(context)));
        ChainCalls.read(table, "NodeStatus", 1, this::status);
        ChainCalls.read(table, "SyncState", 0, params -> {
            ObjectNode json = shapes.object();
            json.putArray("ActiveSyncs");
            return json.put("VMApplied", 0);
        });
    }

    private JsonNode version(CallContext context) {
        return shapes.object().put("Version", "caravan-devnet")
                .put("APIVersion", context.apiVersion() == 0 ? API_V0 : API_V1)
                .put("BlockDelay", config.blockDelaySeconds()).put("Agent", "caravan");
    }

    /** A channel that says nothing until it ends with the server. */
    private static OutChannel closing(CallContext context) {
        return context.openChannel();
    }

    private JsonNode status(Params params) {
        ObjectNode json = shapes.object();
        json.set("SyncStatus", shapes.object().put("Epoch", chain.view().head().height()).put("Behind", 0));
        json.set("PeerStatus", shapes.object().put("PeersToPublishMsgs", 0).put("PeersToPublishBlocks", 0));
        json.set("ChainStatus", shapes.object().put("BlocksPerTipsetLast100", 1).put("BlocksPerTipsetLastFinality", 1));
        return json;
    }
}
