package io.caravan.deal;

import io.caravan.model.Deal;
import io.caravan.model.DealProposal;
import io.caravan.model.RejectedException;
import io.caravan.model.TokenAmount;
import io.caravan.store.AcceptanceStore.Load;
import io.caravan.store.DealTag;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * Is there enough left for one more deal? The order of the list decides which reason a client reads (deal-lifecycle §7.6).
 * What we have is nobody's business: the client reads of its own use and of limits, our history has all figures.
 */
final class QuotaTable {

    /**
     * One more deal and all that stands against it.
     *
     * @param needs what it takes
     */
    record Wish(Deal deal, Set<DealTag> needs, Load load) {

        DealProposal proposal() {
            return deal.proposal().proposal();
        }

        long size() {
            return proposal().pieceSize().bytes();
        }
    }

    /** @param told what the client may read behind code and name; {@code detail} what we note */
    private record Fault(String told, String detail) {}

    @FunctionalInterface
    private interface Check {
        Optional<Fault> fault(Wish wish);
    }

    private record Quota(String code, String name, Check check) {}

    private final QuotaConfig config;
    private final Pace pace;
    private final List<Quota> quotas;

    /** How long until so many of those that are too many are gone; empty when nobody can tell. */
    interface Pace {

        Optional<Duration> untilSealed(long many);

        Optional<Duration> untilPacked(long many);
    }

    QuotaTable(QuotaConfig config, Pace pace) {
        this.config = config;
        this.pace = pace;
        this.quotas = List.of(
                new Quota("Q-funds", "provider-funds-insufficient", this::funds),
                new Quota("Q-space", "staging-full", this::space),
                new Quota("Q-client", "client-quota-full", this::client),
                new Quota("Q-disk", "disk-full", this::disk),
                new Quota("Q-backpressure", "sealing-busy", this::backpressure),
                new Quota("Q-deals", "too-many-deals", this::deals),
                new Quota("Q-rate", "client-too-fast", this::rate));
    }

    /** @throws RejectedException naming the first limit that the deal would pass */
    void require(Wish wish) {
        for (Quota quota : quotas) {
            quota.check().fault(wish).ifPresent(fault -> {
                throw new RejectedException(Rule.sentence(quota.code(), quota.name(), fault.told()),
                        Rule.sentence(quota.code(), quota.name(), fault.detail()));
            });
        }
    }

    /**
     * The quotas alone, for data that an operator brings and who may read all figures.
     *
     * @throws DealRefusedException naming the first quota that the piece would pass
     */
    void requireRoom(Wish wish) {
        space(wish).ifPresent(fault -> {
            throw new DealRefusedException(Rule.sentence("IM9", "staging-full", fault.detail() + " (miner.accept.staging-quota)"));
        });
        client(wish).ifPresent(fault -> {
            throw new DealRefusedException(Rule.sentence("IM10", "client-quota-full", fault.detail() + " (miner.accept.client-quota)"));
        });
    }

    private Optional<Fault> funds(Wish wish) {
        TokenAmount left = wish.load().spendable().minus(wish.load().held()).minus(wish.load().tagged());
        TokenAmount needed = wish.proposal().providerBalanceRequirement();
        return hidden(!left.isLessThan(needed), left.atto() + " < " + needed.atto() + " attoFIL");
    }

    /** Exactly full is full. */
    private Optional<Fault> space(Wish wish) {
        if (config.stagingQuota() == 0 || !wish.needs().contains(DealTag.STAGING)) {
            return Optional.empty();
        }
        BigInteger after = wish.load().stagedBytes().add(BigInteger.valueOf(wish.size()));
        return hidden(isBelow(after, config.stagingQuota()), after + " >= " + config.stagingQuota());
    }

    private Optional<Fault> client(Wish wish) {
        if (config.clientQuota() == 0 || !wish.needs().contains(DealTag.STAGING)) {
            return Optional.empty();
        }
        BigInteger after = wish.load().clientStagedBytes().add(BigInteger.valueOf(wish.size()));
        return open(isBelow(after, config.clientQuota()), after + " >= " + config.clientQuota());
    }

    private Optional<Fault> disk(Wish wish) {
        if (!wish.needs().contains(DealTag.ARRIVING)) {
            return Optional.empty();
        }
        BigInteger left = BigInteger.valueOf(wish.load().freeBytes()).subtract(wish.load().arrivingBytes());
        return hidden(left.compareTo(BigInteger.valueOf(wish.size())) >= 0, left + " < " + wish.size());
    }

    private Optional<Fault> backpressure(Wish wish) {
        Load load = wish.load();
        return busy(load.waitingSectors(), config.maxWaitingSectors(), "sectors wait for pieces", pace::untilPacked)
                .or(() -> busy(load.sealingSectors(), config.maxSealingSectors(), "sectors are being sealed", pace::untilSealed))
                .or(() -> wish.size() <= load.placeableBytes() ? Optional.empty()
                        : again("there is no disk to seal one more sector on", pace.untilSealed(1)));
    }

    private Optional<Fault> busy(long now, long most, String what, LongFunction<Optional<Duration>> until) {
        return most == 0 || now <= most ? Optional.empty()
                : again(now + " " + what + ", " + most + " are enough", until.apply(now - most));
    }

    private static Optional<Fault> again(String why, Optional<Duration> in) {
        String sentence = why + in.map(time -> "; again in about " + Math.max(1, (time.toSeconds() + 59) / 60) + " min")
                .orElse("; when again is unknown");
        return Optional.of(new Fault(sentence, sentence));
    }

    private Optional<Fault> deals(Wish wish) {
        long now = wish.load().deals();
        return hidden(config.maxDeals() == 0 || now < config.maxDeals(), now + " >= " + config.maxDeals());
    }

    private Optional<Fault> rate(Wish wish) {
        long deals = wish.load().clientDeals();
        long mostDeals = config.clientDealsPerHour();
        BigInteger bytes = wish.load().clientBytes().add(BigInteger.valueOf(wish.size()));
        BigInteger mostBytes = BigInteger.valueOf(config.clientBytesPerHour());
        return open(mostDeals == 0 || deals < mostDeals, deals + " >= " + mostDeals + " deals in an hour")
                .or(() -> open(mostBytes.signum() == 0 || bytes.compareTo(mostBytes) <= 0,
                        bytes + " > " + mostBytes + " bytes in an hour"));
    }

    private static boolean isBelow(BigInteger figure, long limit) {
        return figure.compareTo(BigInteger.valueOf(limit)) < 0;
    }

    private static Optional<Fault> open(boolean holds, String figures) {
        return holds ? Optional.empty() : Optional.of(new Fault(figures, figures));
    }

    private static Optional<Fault> hidden(boolean holds, String figures) {
        return holds ? Optional.empty() : Optional.of(new Fault("", figures));
    }
}
