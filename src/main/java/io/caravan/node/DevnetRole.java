package io.caravan.node;

import io.caravan.devnet.DevnetConfig;
import io.caravan.devnet.DevnetNode;
import io.caravan.devnet.ProofChecks;
import io.caravan.devnet.ProvingRules;
import io.caravan.devnet.Rules;
import io.caravan.node.config.Settings;
import io.caravan.node.observe.Tally;
import io.caravan.store.Database;
import java.nio.file.Path;
import java.time.Clock;

/** The embedded chain as a role, with its own database and home folder. */
final class DevnetRole implements AutoCloseable {

    private static final String NAME = "devnet";
    private static final long MAX_PERIOD = 288_000;

    private final Database database;
    private final DevnetNode node;
    private final DevnetRoutes routes;
    private final DevnetObserving observing;

    DevnetRole(NodeHome home, Settings settings, RoleDatabases databases, Ground ground) {
        DevnetConfig config = config(settings);
        Path folder = home.folder(NAME, "");
        Clock clock = ground.timeline().clock();
        database = databases.bare(NAME);
        try {
            node = new DevnetNode(config, database.dataSource(), clock, folder);
            node.start();
            Tally tally = new Tally();
            DevnetBlocks blocks = new DevnetBlocks(tally, clock);
            routes = new DevnetRoutes(node, blocks, clock);
            observing = new DevnetObserving(node, routes, blocks, tally, new DevnetObserving.Place(ground.timeline(), database.sql(),
                    folder, () -> ground.freeBytes(folder), settings.bytes("caravan.health.disk")));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** @throws io.caravan.node.config.ConfigException naming a setting that cannot be used */
    static DevnetConfig config(Settings settings) {
        Rules rules = Rules.mainnet().withMinDealDuration(settings.number("devnet.min-deal-duration", 1, 3_680_640))
                .withChallengeDelay(settings.number("devnet.seal-delay", 1, 10_000));
        boolean isVanilla = isVanilla(settings);
        long period = settings.number("devnet.proving-period", 0, MAX_PERIOD);
        if (period != 0) {
            rules = rules.withProving(proving(settings, period).enforced(isVanilla));
        }
        return DevnetConfig.standard()
                .at(settings.text("devnet.listen"), settings.integer("devnet.port", 0, 65535))
                .withInterval(settings.duration("devnet.interval")).withRules(rules)
                .withChecks(isVanilla ? ProofChecks.vanilla() : ProofChecks.PLACEHOLDER);
    }

    private static boolean isVanilla(Settings settings) {
        return switch (settings.text("devnet.proofs")) {
            case "vanilla" -> true;
            case "placeholder" -> false;
            default -> throw settings.wrong("devnet.proofs", "must be vanilla or placeholder");
        };
    }

    private static ProvingRules proving(Settings settings, long period) {
        try {
            return ProvingRules.ofPeriod(period);
        } catch (IllegalArgumentException e) {
            throw settings.wrong("devnet.proving-period", "must be 0 or a multiple of 48 of at least 144");
        }
    }

    DevnetNode node() {
        return node;
    }

    String url() {
        return node.endpoint().toString();
    }

    @Override
    public void close() {
        node.close();
        observing.close();
        routes.close();
        database.close();
    }
}
