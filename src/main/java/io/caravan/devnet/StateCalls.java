package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.RpcMethod;

/** {@code Filecoin.State*} about actors, the network and randomness. */
final class StateCalls {

    private static final int NETWORK_VERSION = 28;
    private static final long CHAIN_ID = 31415926;

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;
    private final DevnetConfig config;
    private final Ticker ticker;

    StateCalls(LiveChain chain, Shapes shapes, DevnetConfig config, Ticker ticker) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
        this.config = config;
        this.ticker = ticker;
    }

    void register(MethodTable table) {
        ChainCalls.read(table, "StateNetworkName", 0, params -> shapes.of(config.networkName()));
        ChainCalls.read(table, "StateNetworkVersion", 1, params -> shapes.of(NETWORK_VERSION));
        ChainCalls.read(table, "StateGetNetworkParams", 0, params -> networkParams());
        ChainCalls.read(table, "StateGetActor", 2, params -> actor(params));
        ChainCalls.read(table, "StateListActors", 1, params -> actors(params, null));
        ChainCalls.read(table, "StateListMiners", 1, params -> actors(params, Actor.Kind.MINER));
        ChainCalls.read(table, "StateLookupID", 2,
                params -> shapes.of(shapes.address(reader.id(reader.state(params, 1), reader.address(params, 0)))));
        ChainCalls.read(table, "StateAccountKey", 2, this::accountKey);
        ChainCalls.read(table, "StateCirculatingSupply", 1,
                params -> shapes.of(chain.rules().circulatingSupply().toAttoString()));
        ChainCalls.read(table, "WalletBalance", 1, params -> {
            State state = reader.stateAt(chain.view().head());
            return shapes.of(state.actor(reader.address(params, 0)).map(Actor::balance).orElse(TokenAmount.ZERO)
                    .toAttoString());
        });
        ChainCalls.read(table, "StateGetRandomnessFromTickets", 4, params -> shapes.of(chain.view()
                .fromTickets(params.integer(0, "tag"), epoch(params, 1, 3), reader.bytes(params, 2, "entropy"))));
        ChainCalls.read(table, "StateGetRandomnessFromBeacon", 4, params -> shapes.of(chain.view()
                .fromBeacon(params.integer(0, "tag"), epoch(params, 1, 3), reader.bytes(params, 2, "entropy"))));
        v0(table, "ChainGetRandomnessFromTickets", params -> shapes.of(chain.view()
                .fromTickets(params.integer(1, "tag"), epoch(params, 2, 0), reader.bytes(params, 3, "entropy"))));
        v0(table, "ChainGetRandomnessFromBeacon", params -> shapes.of(chain.view()
                .fromBeacon(params.integer(1, "tag"), epoch(params, 2, 0), reader.bytes(params, 3, "entropy"))));
        ChainCalls.read(table, "StateGetRandomnessDigestFromTickets", 2,
                params -> shapes.of(Randomness.digest(chain.view().ticket(epoch(params, 0, 1)))));
        ChainCalls.read(table, "StateGetRandomnessDigestFromBeacon", 2,
                params -> shapes.of(Randomness.digest(chain.view().beacon(epoch(params, 0, 1)))));
        ChainCalls.read(table, "StateGetBeaconEntry", 1, params -> {
            long epoch = params.integer(0, "epoch");
            return shapes.beacon(epoch, chain.view().beacon(epoch));
        });
    }

    private long epoch(Params params, int position, int tipset) {
        long epoch = params.integer(position, "epoch");
        if (epoch > reader.tipset(params, tipset).height()) {
            throw new io.caravan.rpc.RpcException("cannot draw randomness from the future");
        }
        return epoch;
    }

    private JsonNode networkParams() {
        Rules rules = chain.rules();
        ObjectNode json = shapes.object().put("NetworkName", config.networkName())
                .put("BlockDelaySecs", config.blockDelaySeconds()).put("BlockDelayMillis", ticker.millisPerEpoch())
                .put("ConsensusMinerMinPower", "2048")
                .put("PreCommitChallengeDelay", rules.preCommitChallengeDelay());
        json.set("ForkUpgradeParams", shapes.object());
        json.put("DevnetProofs", config.checks().name());
        return json.put("Eip155ChainID", CHAIN_ID)
                .put("GenesisTimestamp", chain.view().floor(0).orElseThrow().header().timestamp());
    }

    private JsonNode actor(Params params) {
        Actor actor = reader.actor(reader.state(params, 1), reader.address(params, 0));
        String code = "fil/16/" + switch (actor.kind()) {
            case ACCOUNT -> "account";
            case MINER -> "storageminer";
            default -> "builtin";
        };
        Cid cid = Cid.rawSha256(Bytes.utf8(code).toArray());
        ObjectNode json = shapes.object();
        json.set("Code", LotusJson.cid(cid));
        json.set("Head", LotusJson.cid(cid));
        json.put("Nonce", actor.nonce()).put("Balance", actor.balance().toAttoString());
        json.putNull("DelegatedAddress");
        return json;
    }

    private JsonNode actors(Params params, Actor.Kind kind) {
        ArrayNode list = shapes.array();
        reader.state(params, 0).table(Tables.ACTORS).forEach((id, actor) -> {
            if (kind == null || actor.kind() == kind) {
                list.add(shapes.address(id));
            }
        });
        return list;
    }

    private JsonNode accountKey(Params params) {
        FilAddress address = reader.address(params, 0);
        if (address.isKey()) {
            return shapes.of(shapes.address(address));
        }
        Actor actor = reader.actor(reader.state(params, 1), address);
        FilAddress key = actor.key();
        if (actor.kind() != Actor.Kind.ACCOUNT || key == null) {
            throw new io.caravan.rpc.RpcException("failed to get account actor state for " + shapes.address(address)
                    + ": unknown actor code");
        }
        return shapes.of(shapes.address(key));
    }

    private static void v0(MethodTable table, String name, ChainCalls.Call call) {
        table.registerV0("Filecoin." + name, RpcMethod.read(4, (given, context) -> call.answer(given)));
    }
}
