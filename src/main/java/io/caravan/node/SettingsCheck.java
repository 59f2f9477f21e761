package io.caravan.node;

import io.caravan.node.config.Settings;
import io.caravan.node.gate.PortSettings;
import io.caravan.node.gate.RoleAccess;
import java.util.List;

/** Reads every setting that has a type once before anything starts, so that a wrong value is found while nothing runs. */
final class SettingsCheck {

    private SettingsCheck() {}

    /** @throws io.caravan.node.config.ConfigException naming the first setting that cannot be used */
    static void of(Settings settings) {
        settings.text("devnet.listen");
        settings.integer("devnet.port", 0, 65535);
        PortSettings.requireLoopback("devnet", settings, "devnet.listen = 127.0.0.1");
        for (String role : List.of("daemon", "miner")) {
            settings.text(role + ".listen");
            settings.integer(role + ".port", 0, 65535);
            PortSettings.check(role, settings);
        }
        for (String role : List.of("daemon", "miner")) {
            settings.text(role + ".libp2p.listen");
            settings.integer(role + ".libp2p.port", 0, 65535);
            CoreSettings.peers(settings, role + ".libp2p.deny");
            CoreSettings.peers(settings, role + ".libp2p.allow");
            CoreSettings.confidence(settings, role);
            CoreSettings.ceiling(settings, role);
            settings.duration(role + ".funds.every");
            settings.flag(role + ".tls.optional");
        }
        for (String duration : List.of("devnet.interval", "daemon.status.every", "daemon.status.forget-after", "chain.timeout", "chain.poll", "caravan.stop.wait", "caravan.look.every", "caravan.routes.look",
                "miner.transfer.offline-delay", "daemon.track.sweep", "miner.track.sweep", "miner.accept.patience",
                "miner.publish.recheck", "daemon.publish.recheck",
                "daemon.janitor.every", "daemon.janitor.age", "miner.janitor.every", "miner.janitor.age", "miner.janitor.publications",
                "daemon.janitor.moves", "miner.janitor.moves",
                "miner.settle.every", "sealing.retry.wait")) {
            settings.duration(duration);
        }
        CoreSettings.retries(settings);
        RoleAccess.check(settings);
        settings.flag("miner.status.poke");
        settings.flag("miner.deals");
        settings.flag("caravan.upgrade.backup");
        settings.integer("caravan.db.port", 0, 65535);
        settings.bytes("caravan.health.disk");
        TraceSettings.check(settings);
        LogFile.format(settings);
        DevnetRole.config(settings);
        settings.bytes("miner.sector-size");
        settings.amount("miner.ask.price");
        AcceptSettings.of(settings);
        DeadlineSettings.of(settings);
        AcceptSettings.quotas(settings);
        AcceptSettings.filter(settings);
        MinerRole.publishing(settings);
        CoreSettings.fees(settings);
        TransferConfig.check(settings);
        MinerRole.identityPolicy(settings, false);
        Sealing.config(settings);
    }
}
