package io.caravan.node;

import io.caravan.codec.Cid;
import io.caravan.deal.AcceptConfig;
import io.caravan.deal.DealFilter;
import io.caravan.deal.QuotaConfig;
import io.caravan.node.config.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads {@code miner.accept.*}: which deals the provider wants, and how many of them. */
final class AcceptSettings {

    private static final long MOST_EPOCHS = 10_000_000;
    private static final long MOST = 1_000_000_000;

    private AcceptSettings() {}

    static AcceptConfig of(Settings settings) {
        Set<Cid> blocked = settings.optional("miner.accept.blocked-pieces").isEmpty() ? Set.of()
                : settings.parsed("miner.accept.blocked-pieces", AcceptSettings::cids, "a list of piece CIDs with commas between");
        return new AcceptConfig(settings.number("miner.accept.min-duration", 1, MOST_EPOCHS),
                settings.number("miner.accept.max-duration", 1, MOST_EPOCHS),
                settings.number("miner.accept.max-end-ahead", 1, MOST_EPOCHS),
                settings.integer("miner.accept.collateral-factor", 1, 1000),
                settings.flag("miner.accept.online"), settings.flag("miner.accept.offline"),
                settings.flag("miner.accept.verified"), settings.flag("miner.accept.unverified"), blocked,
                settings.duration("miner.accept.seal-time"), settings.duration("miner.accept.max-start-delay"),
                settings.bytes("miner.accept.max-staging"));
    }

    static QuotaConfig quotas(Settings settings) {
        return new QuotaConfig(settings.amount("miner.accept.funds-reserve"), settings.bytes("miner.accept.staging-quota"),
                settings.bytes("miner.accept.client-quota"), settings.bytes("miner.accept.disk-reserve"),
                settings.number("miner.accept.max-waiting-sectors", 0, MOST), settings.number("miner.accept.max-sealing-sectors", 0, MOST),
                settings.number("miner.accept.max-deals", 0, MOST), settings.number("miner.accept.client-deals-per-hour", 0, MOST),
                settings.bytes("miner.accept.client-bytes-per-hour"));
    }

    static DealFilter.Config filter(Settings settings) {
        Duration limit = settings.duration("miner.accept.filter-timeout");
        if (limit.isZero()) {
            throw settings.wrong("miner.accept.filter-timeout", "must be longer than nothing");
        }
        return new DealFilter.Config(settings.optional("miner.accept.filter"), limit, settings.bytes("miner.accept.staging-quota"));
    }

    private static Set<Cid> cids(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).map(Cid::parse).collect(Collectors.toUnmodifiableSet());
    }
}
