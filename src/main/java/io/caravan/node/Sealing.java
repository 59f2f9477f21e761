package io.caravan.node;

import io.caravan.model.FilAddress;
import io.caravan.node.config.Settings;
import io.caravan.sealing.EngineFit;
import io.caravan.sealing.JavaEngine;
import io.caravan.sealing.PlaceholderEngine;
import io.caravan.sealing.SealingBeans;
import io.caravan.sealing.SealingConfig;
import io.caravan.sealing.SealingEngine;
import io.caravan.sealing.SealingTools;
import io.caravan.sealing.SectorFiles;
import io.caravan.sealing.VanillaWindows;
import io.caravan.store.SectorStore;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The miner's sealing: its engine and the beans of its steps. */
final class Sealing {

    private static final Logger LOG = LoggerFactory.getLogger(Sealing.class);

    private final RoleCore core;
    private final SealingEngine engine;
    private final Map<String, Object> beans;

    Sealing(RoleCore core, SectorStore sectors, FilAddress miner) {
        this.core = core;
        SectorFiles files = new SectorFiles(core.subfolder("sectors"));
        this.engine = core.ground().engine(engine(files));
        EngineFit.refusal(engine.capabilities(), core.chain().networkParams()).ifPresent(reason -> {
            throw new StartException(reason);
        });
        engine.notice().ifPresent(LOG::warn);
        Map<String, Object> named = new LinkedHashMap<>(SealingBeans.of(miner, new SealingTools(core.chain(), sectors,
                core.messages(), core.lane(), core.watcher(), engine, config(core.settings()), core.clock()), new VanillaWindows(files)));
        this.beans = Map.copyOf(named);
    }

    private SealingEngine engine(SectorFiles files) {
        Settings settings = core.settings();
        if (!isJava(settings)) {
            return new PlaceholderEngine(files, SealingEngine.Progress.NONE);
        }
        int threads = settings.integer("sealing.threads", 0, 1024);
        return core.opened(new JavaEngine(files, threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
                SealingEngine.Progress.NONE));
    }

    private static boolean isJava(Settings settings) {
        return switch (settings.text("sealing.engine")) {
            case "java" -> true;
            case "placeholder" -> false;
            default -> throw settings.wrong("sealing.engine", "must be java or placeholder");
        };
    }

    /** What the engine says of itself, in one sentence. */
    String notice() {
        return engine.notice().orElse("real replicas");
    }

    /** What the sealing routes call, by name. */
    Map<String, Object> beans() {
        return beans;
    }

    /** @throws io.caravan.node.config.ConfigException naming a setting that cannot be used */
    static SealingConfig config(Settings settings) {
        isJava(settings);
        settings.integer("sealing.threads", 0, 1024);
        return new SealingConfig(settings.duration("sealing.wait-deals.delay"), settings.integer("sealing.max-pieces", 1, 512),
                settings.integer("sealing.max-open", 1, 1000), settings.integer("sealing.max-sealing", 0, 100_000),
                settings.number("sealing.start-epoch-buffer", 0, 100_000),
                settings.number("sealing.message.confidence", 0, 900), settings.number("sealing.seed.confidence", 0, 900),
                settings.integer("sealing.max-tries", 1, 100),
                settings.duration("sealing.parked.limit"));
    }
}
