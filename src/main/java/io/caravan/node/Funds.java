package io.caravan.node;

import io.caravan.deal.Confidence;
import io.caravan.deal.FundBooks;
import io.caravan.deal.FundCheck;
import io.caravan.deal.FundDesk;
import io.caravan.deal.FundKeeper;
import io.caravan.deal.FundMarket;
import io.caravan.deal.FundReserver;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.FundsApi;
import io.caravan.node.net.Finding;
import io.caravan.store.FundRequests;
import io.caravan.store.Settlements;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A role's money in the market: the parts that reserve, move and check it, wired once for daemon and miner. */
final class Funds {

    private static final String CODE = "FUNDS";
    private static final String WHAT = "reserved money is in escrow";

    private final RoleCore core;
    private final String role;
    private final FundKeeper keeper;
    private final FundDesk desk;
    private final FundCheck check;
    private final FundReserver reserver;

    Funds(RoleCore core, String role) {
        this.core = core;
        this.role = role;
        LongSupplier confidence = core.confidence(Confidence::funds);
        keeper = new FundKeeper(new FundKeeper.Tools(core.chain(), core.funds(),
                new FundRequests(core.database().sql(), core.messages(), core.clock()), core.messages(), core.lane(),
                core.watcher(), new FundMarket(core.chain(), core.deals(), core.signer())),
                core.live().of(now -> new FundKeeper.Ceiling(CoreSettings.ceiling(now, role), role + ".funds.top-up-ceiling")), confidence,
                core.clock());
        desk = new FundDesk(keeper, core.clock());
        check = new FundCheck(keeper);
        reserver = new FundReserver(keeper, confidence, core.clock());
    }

    FundReserver reserver() {
        return reserver;
    }

    /** For health: whether our rows and the chain's figures add up. */
    List<Finding> findings() {
        return check.wrong().isEmpty()
                ? List.of(new Finding(CODE, Finding.Level.OK, WHAT, "what is reserved is there, as of epoch " + check.checked(), null))
                : check.wrong().values().stream().map(sentence -> new Finding(CODE, Finding.Level.WARN, WHAT, sentence,
                "./caravan funds --role " + role)).toList();
    }

    /** The address's money now; empty while it moves. */
    Optional<FundBooks> books(FilAddress address) {
        return check.read(desk.canonical(address));
    }

    /** How often rows and chain did not add up since the start. */
    long violations() {
        return check.violations();
    }

    /** What the ticking routes call by name. */
    Map<String, Object> beans() {
        return Map.of("fundKeeper", keeper, "fundDesk", desk, "fundCheck", check);
    }

    /**
     * The JSON-RPC methods about money.
     *
     * @param own addresses that are shown even where nothing was reserved yet
     * @param settlements of expired deals; null where there are none
     */
    FundsApi api(ApiJson json, Role role, Supplier<List<FilAddress>> own, @Nullable Settlements settlements) {
        return new FundsApi(json, new FundsApi.Tools(role, keeper, desk, check, core.deals(), own, settlements),
                core.clock());
    }
}
