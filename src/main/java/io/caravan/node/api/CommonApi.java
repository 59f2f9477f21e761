package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.Bytes;
import io.caravan.libp2p.PeerId;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.OutChannel;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcMethod;
import io.caravan.rpc.TokenDesk;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * Who this node is and who may call it: ID, Version, Session, StartTime, Closing, Auth*. The same for daemon and miner.
 */
public final class CommonApi {
    private static final int FULL_V1 = 131_840;
    private static final int V0_AND_MINER = 66_816;

    private final ApiJson json;
    private final PeerId self;
    private final TokenDesk tokens;
    private final About about;

    /**
     * @param version of this program, e.g. {@code 0.1.0}
     * @param isMiner whether the API is a miner's, which has another version
     * @param blockDelay seconds of an epoch
     * @param start when this process started
     * @param session names this run of the process
     */
    public record About(String version, boolean isMiner, LongSupplier blockDelay, Instant start, UUID session) {}

    public CommonApi(ApiJson json, PeerId self, TokenDesk tokens, About about) {
        this.json = json;
        this.self = self;
        this.tokens = tokens;
        this.about = about;
    }

    public void register(MethodTable methods) {
        methods.register("Filecoin.ID", RpcMethod.read(0, (params, context) -> self.toString()));
        methods.register("Filecoin.Version", RpcMethod.read(0, this::version));
        methods.register("Filecoin.Session", RpcMethod.read(0, (params, context) -> about.session().toString()));
        methods.register("Filecoin.StartTime", RpcMethod.read(0, (params, context) -> about.start()));
        methods.register("Filecoin.Closing", RpcMethod.read(0, CommonApi::closing));
        methods.register("Filecoin.AuthVerify", RpcMethod.read(1, this::authVerify));
        methods.register("Filecoin.AuthNew", RpcMethod.of(Permission.ADMIN, 1, this::authNew));
    }

    private Object version(Params params, CallContext context) {
        boolean isFullV1 = !about.isMiner() && context.apiVersion() == 1;
        return json.object().put("Version", about.version() + "+caravan")
                .put("APIVersion", isFullV1 ? FULL_V1 : V0_AND_MINER)
                .put("BlockDelay", about.blockDelay().getAsLong())
                .put("Agent", "caravan");
    }

    /** Nothing is ever sent; the channel ends with the server. */
    private static OutChannel closing(Params params, CallContext context) {
        return context.openChannel();
    }

    private Object authVerify(Params params, CallContext context) {
        return names(tokens.verify(params.text(0, "token")));
    }

    /** The token's bytes, hence base64 around it, as Lotus answers. */
    private Object authNew(Params params, CallContext context) {
        List<Permission> wanted = new ArrayList<>();
        for (JsonNode name : params.list(0, "permissions")) {
            if (!name.isTextual()) {
                throw params.wrong(0, "permissions", "a list of strings");
            }
            wanted.add(Permission.ofName(name.textValue()));
        }
        return Bytes.utf8(tokens.issue(wanted, context.caller()));
    }

    private static List<String> names(List<Permission> permissions) {
        return permissions.stream().map(Permission::wireName).toList();
    }
}
