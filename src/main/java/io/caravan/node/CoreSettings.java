package io.caravan.node;

import io.caravan.chain.FeeLimit;
import io.caravan.chain.FeeRules;
import io.caravan.deal.Confidence;
import io.caravan.model.TokenAmount;
import io.caravan.node.api.NetBlockApi;
import io.caravan.node.config.Settings;
import io.caravan.store.Backoff;
import io.caravan.store.NetBlocks;
import java.time.Duration;
import java.util.List;

/** Reads what daemon and miner have in common: money, depth, tries, peers. */
final class CoreSettings {

    private CoreSettings() {}

    /** How long what failed waits, by {@code caravan.retry.*}. */
    static Backoff.Range retries(Settings settings) {
        Duration base = settings.duration("caravan.retry.base");
        Duration cap = settings.duration("caravan.retry.cap");
        if (base.isZero()) {
            throw settings.wrong("caravan.retry.base", "must be more than nothing");
        }
        if (cap.compareTo(base) < 0) {
            throw settings.wrong("caravan.retry.cap", "must not be below caravan.retry.base");
        }
        return new Backoff.Range(base, cap);
    }

    /** How deep things must lie in the chain for a role, by {@code <role>.confidence.*}. */
    static Confidence confidence(Settings settings, String role) {
        return new Confidence(settings.number(role + ".confidence.funds", 0, 900),
                settings.number(role + ".confidence.publish", 0, 900), settings.number(role + ".confidence.state", 0, 900));
    }

    /** What messages may cost and when their fee is raised, by {@code chain.fee.*} and the keys of single kinds. */
    static FeeRules fees(Settings settings) {
        long replaceAfter = settings.number("chain.fee.replace-after", 0, 100_000);
        return FeeRules.of(limit(settings, "chain.fee.cap", replaceAfter))
                .with(FeeRules.SECTOR, limit(settings, "sealing.fee.cap", replaceAfter))
                .with(FeeRules.PUBLISH, limit(settings, "miner.publish.max-fee",
                        settings.number("miner.publish.replace-after", 0, 100_000)));
    }

    private static FeeLimit limit(Settings settings, String cap, long replaceAfter) {
        return new FeeLimit(settings.amount(cap), replaceAfter, cap);
    }

    /** The most that top-ups of this role may move in 24 hours, by {@code <role>.funds.top-up-ceiling}. */
    static TokenAmount ceiling(Settings settings, String role) {
        TokenAmount ceiling = settings.amount(role + ".funds.top-up-ceiling");
        if (ceiling.isNegative()) {
            throw settings.wrong(role + ".funds.top-up-ceiling", "must not be negative; 0 is no limit");
        }
        return ceiling;
    }

    /** The peers, addresses and networks of a setting. */
    static List<NetBlocks.Line> peers(Settings settings, String key) {
        return settings.optional(key).isEmpty() ? List.of()
                : settings.parsed(key, NetBlockApi::lines, "a list of peer ids, addresses and networks such as 10.0.0.0/8, separated by commas");
    }
}
