package io.caravan.node.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.codec.Cid;
import io.caravan.deal.FundBooks;
import io.caravan.deal.FundCheck;
import io.caravan.deal.FundDesk;
import io.caravan.deal.FundKeeper;
import io.caravan.model.Deal;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.CallContext;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Params;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.store.DealStore;
import io.caravan.store.FundRequests.Request;
import io.caravan.store.FundStore.Account;
import io.caravan.store.FundStore.Hold;
import io.caravan.store.Settlements;
import io.caravan.store.StoredMessage;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The role's money in the market actor: Lotus' methods to move it, served from our own rows, and {@code Caravan.Funds},
 * which accounts for every attoFIL.
 */
public final class FundsApi {

    private static final int MOST_HOLDS = 1000;
    private static final int TRIES = 5;

    private final ApiJson json;
    private final Tools tools;
    private final Clock clock;

    /**
     * What the methods ask.
     *
     * @param own addresses that are shown even where nothing was reserved yet
     * @param settlements of expired deals; null where there are none
     */
    public record Tools(Role role, FundKeeper keeper, FundDesk desk, FundCheck check, DealStore deals,
            Supplier<List<FilAddress>> own, @Nullable Settlements settlements) {}

    public FundsApi(ApiJson json, Tools tools, Clock clock) {
        this.json = json;
        this.tools = tools;
        this.clock = clock;
    }

    public void register(MethodTable methods) {
        methods.register("Caravan.Funds", RpcMethod.read(0, this::funds));
        methods.register("Filecoin.MarketAddBalance", RpcMethod.of(Permission.SIGN, 3, (params, context) -> json.cid(
                tools.desk().add(address(params, 0, "wallet"), address(params, 1, "address"), amount(params, 2)))));
        methods.register("Filecoin.MarketWithdraw", RpcMethod.of(Permission.SIGN, 3, (params, context) -> tools.desk()
                .withdraw(address(params, 0, "wallet"), address(params, 1, "address"), amount(params, 2))
                .thenApply(json::cid)));
        methods.register("Filecoin.MarketReserveFunds", RpcMethod.of(Permission.SIGN, 3, (params, context) -> tools.desk()
                .reserve(address(params, 0, "wallet"), address(params, 1, "address"), amount(params, 2))
                .thenApply(message -> json.cid(message.orElse(null)))));
        methods.register("Filecoin.MarketReleaseFunds", RpcMethod.of(Permission.SIGN, 2, this::release));
        methods.register("Filecoin.MarketGetReserved", RpcMethod.of(Permission.SIGN, 1, (params, context) ->
                tools.desk().reserved(address(params, 0, "address"))));
    }

    private @Nullable Object release(Params params, CallContext context) {
        tools.desk().release(address(params, 0, "address"), amount(params, 1));
        return null;
    }

    private static FilAddress address(Params params, int position, String name) {
        return ApiJson.address(params, position, name);
    }

    private static TokenAmount amount(Params params, int position) {
        return ApiJson.amount(params, position, "amount");
    }

    /** Where all of the role's money in the market is, and why. */
    private JsonNode funds(Params params, CallContext context) {
        ObjectNode out = json.object().put("role", tools.role() == Role.CLIENT ? "daemon" : "miner")
                .put("violations", tools.check().violations());
        Epoch checked = tools.check().checked();
        out.put("checkedEpoch", checked == null ? null : checked.value());
        out.set("ceiling", ceiling());
        ArrayNode accounts = out.putArray("accounts");
        addresses().forEach(address -> accounts.add(account(address)));
        Settlements settlements = tools.settlements();
        if (settlements != null) {
            Settlements.Waiting waiting = settlements.waiting();
            out.putObject("settlements").put("waiting", waiting.many()).put("error", waiting.error());
        }
        return out;
    }

    private ObjectNode ceiling() {
        FundKeeper.Day day = tools.keeper().day(clock.instant());
        ObjectNode out = json.object().put("setting", day.ceiling().setting())
                .put("atto", day.ceiling().amount().toAttoString()).put("movedAtto", day.moved().amount().toAttoString());
        return out.put("oldest", day.moved().oldest() == null ? null : day.moved().oldest().toString());
    }

    private Set<FilAddress> addresses() {
        Set<FilAddress> all = new LinkedHashSet<>();
        tools.own().get().forEach(address -> all.add(tools.desk().canonical(address)));
        tools.keeper().accounts().stream().map(Account::address).forEach(all::add);
        return all;
    }

    private ObjectNode account(FilAddress address) {
        FundBooks books = books(address);
        ObjectNode out = json.object().put("address", json.address(address)).put("epoch", books.head().value())
                .put("escrowAtto", books.balance().escrow().toAttoString())
                .put("lockedAtto", books.balance().locked().toAttoString())
                .put("onItsWayAtto", books.onItsWay().toAttoString())
                .put("reservedAtto", books.reserved().toAttoString()).put("freeAtto", books.free().toAttoString())
                .put("wrong", books.violation());
        ArrayNode wallets = out.putArray("wallets");
        wallets(address, books.holds()).forEach(wallet -> wallets.addObject().put("address", json.address(wallet))
                .put("balanceAtto", chain().walletBalance(wallet).toAttoString())
                .put("hasKey", tools.keeper().hasKey(wallet)));
        StoredMessage message = books.message();
        out.set("message", message == null ? null : message(message));
        ArrayNode holds = out.putArray("holds");
        List<Hold> shown = books.holds().stream().limit(MOST_HOLDS).toList();
        Map<Cid, Deal> deals = tools.deals().findAll(shown.stream().map(Hold::proposalCid).toList(), tools.role());
        shown.forEach(hold -> holds.add(hold(hold, books, Optional.ofNullable(deals.get(hold.proposalCid())))));
        out.put("holdsLeftOut", Math.max(0, books.holds().size() - MOST_HOLDS));
        ArrayNode requests = out.putArray("requests");
        tools.keeper().requests(address).forEach(request -> requests.add(request(request)));
        return out;
    }

    /** Read again when the chain moved in the middle: figures of two epochs do not add up. */
    private FundBooks books(FilAddress address) {
        for (int i = 0; i < TRIES; i++) {
            Optional<FundBooks> books = tools.check().read(address);
            if (books.isPresent()) {
                return books.get();
            }
        }
        throw new RpcException("the funds of " + json.address(address) + " are moving: ask again");
    }

    private Set<FilAddress> wallets(FilAddress address, List<Hold> holds) {
        Set<FilAddress> wallets = new LinkedHashSet<>();
        try {
            wallets.add(address.isKey() ? address : chain().accountKey(chain().minerInfo(address).worker()));
        } catch (ChainRefusedException e) {
            // neither an account nor a miner: only those who pay for its holds are known
        }
        holds.stream().map(Hold::wallet).forEach(wallets::add);
        return wallets;
    }

    private ObjectNode hold(Hold hold, FundBooks books, Optional<Deal> deal) {
        ObjectNode out = json.object().put("proposalCid", hold.proposalCid().toString())
                .put("purpose", hold.purpose().name()).put("amountAtto", hold.amount().toAttoString())
                .put("state", hold.state().name()).put("lockedOnChain", books.locked().contains(hold.proposalCid()))
                .put("since", hold.since().toString());
        out.put("dealState", deal.map(found -> found.state().wireName()).orElse(null));
        return out.put("waitsFor", deal.map(found -> found.waiting().what()).orElse(null));
    }

    private ObjectNode message(StoredMessage message) {
        return json.object().put("cid", message.cid() == null ? null : message.cid().toString())
                .put("note", message.intent().note()).put("status", message.status().name())
                .put("valueAtto", message.intent().value().toAttoString()).put("since", message.createdAt().toString())
                .put("error", message.error());
    }

    private ObjectNode request(Request request) {
        return json.object().put("id", request.id()).put("kind", request.kind().name())
                .put("amountAtto", request.amount().toAttoString()).put("wallet", json.address(request.wallet()))
                .put("state", request.state().name()).put("since", request.since().toString());
    }

    private Chain chain() {
        return tools.keeper().chain();
    }
}
