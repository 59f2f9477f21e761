package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.deal.DealRefusedException;
import io.caravan.deal.TransferControl;
import io.caravan.deal.TransferRows;
import io.caravan.libp2p.PeerId;
import io.caravan.market.ChannelId;
import io.caravan.market.Transfer;
import io.caravan.model.Role;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcCall;
import io.caravan.rpc.RpcMethod;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Data transfers for the people who run the node: how far they are, cancel, restart. Lotus' names at the daemon
 * ({@code Client…}) and at the miner ({@code Market…}), and a list with what Lotus does not tell.
 */
public final class TransferApi {

    private static final int MAX_LISTED = 1000;

    private final ApiJson json;
    private final Role role;
    private final PeerId self;
    private final TransferRows transfers;
    private final TransferControl control;

    /** @param role whose transfers this node keeps */
    public TransferApi(ApiJson json, Role role, PeerId self, TransferRows transfers, TransferControl control) {
        this.json = json;
        this.role = role;
        this.self = self;
        this.transfers = transfers;
        this.control = control;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Transfers", RpcMethod.read(0, this::list));
    }

    /** ClientCancelDataTransfer, MarketCancelDataTransfer: ends a transfer and its deal. */
    public @Nullable JsonNode cancel(RpcCall call) {
        return done(call.params(), control::cancel);
    }

    /** ClientRestartDataTransfer, MarketRestartDataTransfer: goes on where a transfer stopped. */
    public @Nullable JsonNode restart(RpcCall call) {
        return done(call.params(), control::restart);
    }

    /** {@code [transferID, otherPeer, isInitiator]}: whether this node opened the channel, as a client does. */
    private @Nullable JsonNode done(Params params, Consumer<ChannelId> act) {
        long id = params.integer(0, "transfer id");
        PeerId other = ApiJson.peer(params, 1, "other peer");
        boolean isInitiator = params.bool(2, "is initiator");
        if (isInitiator != (role == Role.CLIENT)) {
            throw new DealRefusedException("T01 no-such-transfer: a client opens its channels and a provider never does, so isInitiator is "
                    + (role == Role.CLIENT) + " here");
        }
        act.accept(isInitiator ? new ChannelId(self, other, id) : new ChannelId(other, self, id));
        return null;
    }

    /** How far the bytes of the newest transfers are, newest first. */
    private JsonNode list(Params params, CallContext context) {
        ArrayNode out = json.list();
        transfers.list(role, MAX_LISTED).forEach(transfer -> out.add(shape(json, transfer)));
        return out;
    }

    /** A transfer with its pace: sizes in bytes of the CAR, times in ISO form, the rest in seconds. */
    static ObjectNode shape(ApiJson json, Transfer transfer) {
        ObjectNode out = json.object().put("proposalCid", transfer.proposalCid().toString())
                .put("transferId", transfer.channel().id()).put("otherPeer", transfer.peer().toString())
                .put("isInitiator", transfer.role() == Role.CLIENT)
                .put("status", transfer.status().name()).put("received", transfer.bytes());
        out.put("total", transfer.totalBytes());
        out.put("bytesPerSecond", transfer.pace().bytesPerSecond()).put("attempt", transfer.restarts() + 1);
        out.put("secondsLeft", transfer.timeLeft().map(Duration::toSeconds).orElse(null));
        return out.put("reason", transfer.error()).put("startedAt", transfer.pace().startedAt().toString())
                .put("progressAt", transfer.pace().progressAt().toString());
    }
}
