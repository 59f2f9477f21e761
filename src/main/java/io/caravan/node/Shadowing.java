package io.caravan.node;

import io.caravan.camel.PhaseRun;
import io.caravan.camel.PhaseWatch;
import io.caravan.model.Role;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.ShadowApi;
import io.caravan.node.shadow.Shadows;
import io.caravan.store.ShadowStore;
import org.jspecify.annotations.Nullable;

/** Candidates beside the live routes of one role: they hear of its phases, call its beans and answer its JSON-RPC. */
final class Shadowing implements PhaseWatch {

    private static final String ERRORS = "errors.camel.yaml";

    private final Shadows shadows;
    private volatile @Nullable RoutesContext live;

    Shadowing(RoleCore core, Role role) {
        ShadowStore rows = new ShadowStore(core.database().sql(), core.clock(), core.node());
        shadows = core.opened(new Shadows(new Shadows.Wiring(role, core.deals(), rows, core.timeline(), this::bean,
                this::errors, () -> core.live().now().placeholders(), Shadows.LIMIT)));
        new ShadowApi(new ApiJson(core.network()), shadows, rows).register(core.rpc().methods());
    }

    /** Beside which routes, which have started, candidates run: by their error configurations and, as far as these are declared for it, their beans. */
    void beside(RoutesContext routes) {
        live = routes;
        shadows.resumeSoon();
    }

    @Override
    public void ended(PhaseRun run) {
        shadows.ended(run);
    }

    private @Nullable Object bean(String name) {
        RoutesContext routes = live;
        return routes == null ? null : routes.camel().getRegistry().lookupByName(name);
    }

    /** Those that run, which need not be those on disk. */
    private String errors() {
        RoutesContext routes = live;
        return routes == null ? "" : routes.desk().running(ERRORS);
    }
}
