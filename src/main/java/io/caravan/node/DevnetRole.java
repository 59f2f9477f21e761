package io.caravan.node;

import io.caravan.devnet.DevnetConfig;
import io.caravan.devnet.DevnetNode;
import io.caravan.devnet.Rules;
import io.caravan.node.config.Settings;
import io.caravan.store.Database;

/** The embedded chain as a role, with its own database and home folder. */
final class DevnetRole implements AutoCloseable {

    private static final String NAME = "devnet";

    private final Database database;
    private final DevnetNode node;

    DevnetRole(NodeHome home, Settings settings, RoleDatabases databases, Ground ground) {
        DevnetConfig config = DevnetConfig.standard()
                .at(settings.text("devnet.listen"), settings.integer("devnet.port", 0, 65535))
                .withInterval(settings.duration("devnet.interval"))
                .withRules(Rules.mainnet().withMinDealDuration(settings.number("devnet.min-deal-duration", 1, 3_680_640))
                        .withChallengeDelay(settings.number("devnet.seal-delay", 1, 10_000)));
        database = databases.bare(NAME);
        try {
            node = new DevnetNode(config, database.dataSource(), ground.timeline().clock(), home.folder(NAME, ""));
            node.start();
        } catch (RuntimeException e) {
            database.close();
            throw e;
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
        database.close();
    }
}
