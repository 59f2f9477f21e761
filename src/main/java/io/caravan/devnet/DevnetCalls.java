package io.caravan.devnet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The namespace {@code Devnet.*}: time, money and faults on demand, for tests and people (chain-and-rpc §5.3). Admin
 * only.
 */
final class DevnetCalls {

    private static final int MAX_MINE = 10_000;

    private final LiveChain chain;
    private final Shapes shapes;
    private final Reader reader;
    private final Faults faults;
    private final RpcFaults rpcFaults;
    private final Ticker ticker;

    DevnetCalls(LiveChain chain, Shapes shapes, Faults faults, RpcFaults rpcFaults, Ticker ticker) {
        this.chain = chain;
        this.shapes = shapes;
        this.reader = new Reader(chain, shapes);
        this.faults = faults;
        this.rpcFaults = rpcFaults;
        this.ticker = ticker;
    }

    void register(MethodTable table) {
        admin(table, "Mine", this::mine);
        admin(table, "SetInterval", params -> {
            ticker.interval(params.integer(0, "milliseconds"));
            return shapes.of(null);
        });
        admin(table, "NullRounds", params -> {
            chain.nullRounds(positive(params, 0, "count"));
            return shapes.of(null);
        });
        admin(table, "Warp", params -> shapes.tipset(chain.warp(params.integer(0, "epoch"))));
        admin(table, "Faucet", this::faucet);
        admin(table, "SetBalance", this::setBalance);
        admin(table, "SetMinerKeys", this::setMinerKeys);
        admin(table, "GrantDatacap", params -> change(draft -> {
            long id = new Ledger(draft).idOrCreate(reader.address(params, 0));
            draft.put(Tables.DATACAP, id, draft.find(Tables.DATACAP, id).orElse(0L) + bytes(params));
        }));
        admin(table, "FailNext", params -> {
            faults.failNext(match(params.node(0)), params.integer(1, "exit code"), count(params.node(2)));
            return shapes.of(null);
        });
        admin(table, "MpoolRule", this::poolRule);
        admin(table, "ReplaceNext", params -> {
            faults.replaceNext(match(params.node(0)));
            return shapes.of(null);
        });
        admin(table, "InvalidateDeal", params -> {
            faults.invalidateDeal(reader.cid(params, 0));
            return shapes.of(null);
        });
        admin(table, "RefuseActivation", params -> {
            faults.refuseActivation(params.integer(0, "deal id"));
            return shapes.of(null);
        });
        admin(table, "ShortenPreCommit", this::shortenPreCommit);
        admin(table, "ClearFaults", params -> {
            faults.clear();
            rpcFaults.clear();
            return shapes.of(null);
        });
        admin(table, "SetBaseFee", params -> {
            chain.baseFee(reader.amount(params, 0));
            return shapes.of(null);
        });
        admin(table, "Reorg", this::reorg);
        admin(table, "TerminateSector", params -> sector(params, (end, key) -> end.terminate(key)));
        admin(table, "FaultSector", params -> sector(params, (end, key) -> end.fault(key)));
        admin(table, "RecoverSector", params -> sector(params, (end, key) -> end.recover(key)));
        admin(table, "RpcFault", this::rpcFault);
        admin(table, "Params", params -> shapes.of(chain.rules().toString()));
        admin(table, "Log", this::log);
    }

    private JsonNode mine(Params params) {
        long count = params.isNull(0) ? 1 : positive(params, 0, "count");
        if (count > MAX_MINE) {
            throw new RpcException("at most " + MAX_MINE + " tipsets at once; Devnet.Warp crosses long times");
        }
        Block last = chain.view().head();
        for (long i = 0; i < count; i++) {
            last = chain.mine();
        }
        return shapes.tipset(last);
    }

    private JsonNode faucet(Params params) {
        FilAddress address = reader.address(params, 0);
        TokenAmount amount = reader.amount(params, 1);
        return change(draft -> {
            Ledger ledger = new Ledger(draft);
            long id = ledger.idOrCreate(address);
            if (id == Ledger.MARKET) {
                throw new RpcException("coins for the market go through AddBalance");
            }
            if (amount.isMoreThan(ledger.balance(Ledger.RESERVE))) {
                throw new RpcException("the faucet has " + ledger.balance(Ledger.RESERVE) + " left");
            }
            ledger.move(Ledger.RESERVE, id, amount);
        });
    }

    /** Leaves an account exactly that many coins; the reserve gives or takes the difference: {@code [address, attoFIL]}. */
    private JsonNode setBalance(Params params) {
        FilAddress address = reader.address(params, 0);
        TokenAmount amount = reader.amount(params, 1);
        return change(draft -> {
            Ledger ledger = new Ledger(draft);
            long id = ledger.idOrCreate(address);
            if (ledger.actor(id).kind() != Actor.Kind.ACCOUNT) {
                throw new RpcException(address + " is not an account");
            }
            TokenAmount has = ledger.balance(id);
            if (amount.isNegative() || amount.minus(has).isMoreThan(ledger.balance(Ledger.RESERVE))) {
                throw new RpcException("the reserve cannot make that balance");
            }
            if (amount.isLessThan(has)) {
                ledger.move(id, Ledger.RESERVE, has.minus(amount));
            } else {
                ledger.move(Ledger.RESERVE, id, amount.minus(has));
            }
        });
    }

    /** Gives a miner to other keys, so that a node can bring its own: {@code [miner, owner, worker|null]}. */
    private JsonNode setMinerKeys(Params params) {
        return change(draft -> {
            Ledger ledger = new Ledger(draft);
            long miner = reader.miner(draft.state(), reader.address(params, 0));
            long owner = ledger.idOrCreate(reader.address(params, 1));
            long worker = params.isNull(2) ? owner : ledger.idOrCreate(reader.address(params, 2));
            draft.put(Tables.MINERS, miner, draft.require(Tables.MINERS, miner).withKeys(owner, worker));
        });
    }

    private JsonNode poolRule(Params params) {
        JsonNode rule = params.object(0, "rule");
        String action = rule.path("action").asText("");
        try {
            faults.addPoolRule(match(rule.path("match")), Faults.Action.valueOf(action.toUpperCase(Locale.ROOT)),
                    count(rule.path("count")));
        } catch (IllegalArgumentException e) {
            throw new RpcException("action is drop, hold, evict or reject, not '" + action + "'");
        }
        return shapes.of(null);
    }

    private JsonNode reorg(Params params) {
        JsonNode options = params.isNull(1) ? shapes.object() : params.object(1, "options");
        Set<Cid> drop = new HashSet<>();
        options.path("drop").forEach(node -> drop.add(LotusJson.cid(node)));
        HeadMove move = chain.reorg(new LiveChain.Reorg((int) Math.min(Integer.MAX_VALUE, positive(params, 0, "depth")),
                drop,
                options.path("salt").asLong(0)));
        return shapes.changes(List.of(move));
    }

    private interface SectorAction {
        void on(SectorEnd end, SectorKey key);
    }

    /** A pre-committed sector is promised only until another epoch: {@code [miner, sector, expiration]}. */
    private JsonNode shortenPreCommit(Params params) {
        return change(draft -> {
            SectorKey key = new SectorKey(reader.miner(draft.state(), reader.address(params, 0)),
                    params.integer(1, "sector"));
            PreCommit found = draft.find(Tables.PRE_COMMITS, key)
                    .orElseThrow(() -> new RpcException("sector " + key.number() + " is not pre-committed"));
            draft.put(Tables.PRE_COMMITS, key, found.withExpiration(params.integer(2, "expiration")));
        });
    }

    private JsonNode sector(Params params, SectorAction action) {
        return change(draft -> {
            long epoch = chain.view().head().height(); // no block comes between: the change holds the chain's lock
            SectorKey key = new SectorKey(reader.miner(draft.state(), reader.address(params, 0)),
                    params.integer(1, "sector"));
            if (draft.find(Tables.SECTORS, key).isEmpty()) {
                throw new RpcException("sector " + key.number() + " not found");
            }
            action.on(new SectorEnd(draft, chain.rules(), epoch, new Journal(Long.MAX_VALUE)), key);
        });
    }

    private JsonNode rpcFault(Params params) {
        JsonNode fault = params.object(0, "fault");
        String mode = fault.path("mode").asText("");
        if (!Set.of("error", "delay", "hang", "http500").contains(mode)) {
            throw new RpcException("mode is error, delay, hang or http500, not '" + mode + "'");
        }
        rpcFaults.add(new RpcFaults.Fault(fault.path("method").asText("*"), mode, fault.path("code").asInt(1),
                fault.path("ms").asLong(1000), count(fault.path("count"))));
        return shapes.of(null);
    }

    /** Applied messages since a height, each with its receipt and the reasons behind it. */
    private JsonNode log(Params params) {
        ArrayNode list = shapes.array();
        ChainView view = chain.view();
        var at = view.ceiling(Math.max(0, params.integer(0, "from height")));
        while (at.isPresent() && list.size() < MAX_MINE) {
            Block block = at.get();
            for (int place = 0; place < block.messages().size(); place++) {
                ObjectNode entry = shapes.object().put("Height", block.height());
                entry.set("Message", shapes.of(block.messages().get(place)));
                entry.set("Receipt", shapes.of(block.outcomes().get(place).receipt()));
                entry.set("Notes", shapes.of(block.outcomes().get(place).notes()));
                list.add(entry);
            }
            at = view.childOf(block);
        }
        return list;
    }

    private JsonNode change(java.util.function.Consumer<Draft> change) {
        try {
            chain.amend(change);
        } catch (ActorException e) {
            throw new RpcException(e.getMessage());
        }
        return shapes.of(null);
    }

    private static long positive(Params params, int position, String name) {
        long value = params.integer(position, name);
        if (value < 1) {
            throw params.wrong(position, name, "a number of at least 1");
        }
        return value;
    }

    private static long bytes(Params params) {
        return params.node(1).isTextual() ? params.bigInteger(1, "bytes").longValueExact() : params.integer(1, "bytes");
    }

    private static int count(JsonNode node) {
        return node.isIntegralNumber() ? Math.max(1, node.intValue()) : 1;
    }

    private static MessageMatch match(JsonNode node) {
        return new MessageMatch(address(node.path("from")), address(node.path("to")), number(node.path("method")),
                number(node.path("nonce")));
    }

    private static @Nullable FilAddress address(JsonNode node) {
        return node.isTextual() && !node.textValue().isEmpty() ? FilAddress.parse(node.textValue()) : null;
    }

    private static @Nullable Long number(JsonNode node) {
        return node.isIntegralNumber() ? Long.valueOf(node.longValue()) : null;
    }

    private static void admin(MethodTable table, String name, ChainCalls.Call call) {
        table.register("Devnet." + name, new RpcMethod(Permission.ADMIN, RpcMethod.ANY_COUNT,
                (params, context) -> call.answer(params)));
    }
}
