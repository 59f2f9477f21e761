package io.caravan.node;

import io.caravan.camel.PhaseRun;
import io.caravan.camel.PhaseWatch;
import io.caravan.model.Role;
import io.caravan.node.api.ApiJson;
import io.caravan.node.api.ShadowApi;
import io.caravan.node.config.Settings;
import io.caravan.node.shadow.Shadows;
import io.caravan.store.ShadowStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Candidates beside the live routes of one role: they hear of its phases, call its beans and answer its JSON-RPC. */
final class Shadowing implements PhaseWatch {

    private static final String ERRORS = "errors.camel.yaml";

    private final Shadows shadows;
    private volatile @Nullable CamelContext live;

    Shadowing(RoleCore core, Role role) {
        ShadowStore rows = new ShadowStore(core.database().sql(), core.clock(), core.node());
        shadows = core.opened(new Shadows(new Shadows.Wiring(role, core.deals(), rows, core.timeline(), this::bean,
                () -> errors(core.settings()), core.settings()::placeholders, Shadows.LIMIT)));
        new ShadowApi(new ApiJson(core.network()), shadows, rows).register(core.rpc().methods());
    }

    /** Whose beans candidates may call, as far as these are declared for it. */
    void beside(CamelContext context) {
        live = context;
    }

    @Override
    public void ended(PhaseRun run) {
        shadows.ended(run);
    }

    private @Nullable Object bean(String name) {
        CamelContext context = live;
        return context == null ? null : context.getRegistry().lookupByName(name);
    }

    private static String errors(Settings settings) {
        Path file = settings.optional("caravan.routes.folder").map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("caravan.dir", "."), "routes")).resolve(ERRORS);
        try (InputStream shipped = Shadowing.class.getResourceAsStream("/routes/" + ERRORS)) {
            if (Files.isRegularFile(file) || shipped == null) {
                return Files.readString(file);
            }
            return new String(shipped.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
