package io.caravan.deal;

import io.caravan.chain.HeadView;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.FilAddress;
import io.caravan.model.InShadow;
import io.caravan.model.RejectedException;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.store.AcceptanceStore.Entry;
import io.caravan.store.AcceptanceStore.Terms;
import io.caravan.store.AcceptanceStore;
import io.caravan.store.DealRider;
import io.caravan.store.DealTag;
import io.caravan.store.SealingPace;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Promises each accepted deal what it needs, and takes the promise back when it is needed no more (deal-lifecycle §7.6,
 * D18). Both happen in the transaction of the deal's move: of two deals that race for the last of something exactly one
 * is accepted, and no way to end a deal leaves a promise behind.
 */
public final class Admission implements DealRider {

    /** How long what we have to give is taken as noted, if nothing of it has changed. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);
    /** Bytes by which the disk's free space must change to be noted sooner; far less than the reserve. */
    private static final long DISK_STEP = 16L << 20;

    private static final AcceptanceStore.Wanted STAGED = new AcceptanceStore.Wanted(false, true, false, false);

    private static final Given NEVER = new Given(TokenAmount.ZERO, 0, 0, Instant.EPOCH);

    private final HeadView chain;
    private final AcceptanceStore accepted;
    private final FilAddress ours;
    private final Supplier<QuotaConfig> limits;
    private final QuotaTable.Pace pace;
    private final LongSupplier usableBytes;
    private final LongSupplier placeableBytes;
    private final NodeTries tries;
    private final Clock clock;
    private volatile Given given = NEVER;

    /** What was noted last as ours to give, and when. */
    private record Given(TokenAmount spendable, long freeBytes, long placeable, Instant at) {

        /** Whether what there is now is as good as that: the disk's free bytes never stand still. */
        boolean isStill(Given now) {
            return spendable.equals(now.spendable) && placeable == now.placeable && Math.abs(freeBytes - now.freeBytes) < DISK_STEP
                    && now.at.isBefore(at.plus(LOOK_AGAIN)) && !now.at.isBefore(at);
        }
    }

    /**
     * @param ours our miner actor, ID form
     * @param limits are asked for each deal; what is promised stays
     * @param usableBytes what the disk of the staging folder has left now
     * @param placeableBytes the largest piece that would get a place in a sector now, in padded bytes
     */
    public Admission(HeadView chain, AcceptanceStore accepted, FilAddress ours, Supplier<QuotaConfig> limits, LongSupplier usableBytes,
            LongSupplier placeableBytes, Clock clock) {
        this.chain = chain;
        this.accepted = accepted;
        this.ours = ours;
        this.limits = limits;
        this.pace = pace(accepted.pace());
        this.usableBytes = usableBytes;
        this.placeableBytes = placeableBytes;
        this.tries = new NodeTries(clock);
        this.clock = clock;
    }

    /** Bytes of the disk that stay free. */
    public long diskReserve() {
        return limits.get().diskReserve();
    }

    private static QuotaTable.Pace pace(SealingPace sealing) {
        return new QuotaTable.Pace() {
            @Override
            public Optional<Duration> untilSealed(long many) {
                return sealing.untilSealed(many);
            }

            @Override
            public Optional<Duration> untilPacked(long many) {
                return sealing.untilPacked(many);
            }
        };
    }

    /** Notes what we have to give, just before a deal is accepted: the transaction itself asks neither chain nor disk. */
    @InShadow(InShadow.How.SKIP)
    public Deal look(Deal deal) {
        return tries.judge(deal, () -> {
            Given now = new Given(spendable(), usableBytes.getAsLong() - limits.get().diskReserve(),
                    placeableBytes.getAsLong(), clock.instant());
            if (!given.isStill(now)) {
                accepted.look(ours, now.spendable(), now.freeBytes(), now.placeable());
                given = now;
            }
            return deal;
        });
    }

    @Override
    public void moved(Deal was, Deal is) {
        if (is.role() != Role.PROVIDER) {
            return;
        }
        Set<DealTag> before = needs(was);
        Set<DealTag> after = needs(is);
        accepted.release(is.proposalCid(), minus(before, after));
        Set<DealTag> added = minus(after, before);
        if (was.state() == DealState.ACCEPT_WAIT && is.state() == DealState.WAITING_FOR_DATA) {
            accept(is, added);
        } else if (!added.isEmpty()) {
            if (was.state() == DealState.WAITING_FOR_DATA && added.contains(DealTag.STAGING)) {
                requireRoom(is); // brought by hand
            }
            accepted.take(is, Duplicates.termsOf(accepted, is).client(), added);
        }
        if (is.isFinal()) {
            accepted.forgetTerms(is.proposalCid());
        }
    }

    /**
     * Whether the quotas have room for data that is brought by hand; the move that takes it asks again.
     *
     * @return padded bytes of the disk that are promised to transfers
     * @throws DealRefusedException IM9, IM10: the staging folder, or what it holds of this client, would be too much
     */
    public long lookForImport(Deal deal) {
        return requireRoom(deal);
    }

    private long requireRoom(Deal deal) {
        Optional<Entry> entry = accepted.enter(ours, deal.proposalCid(), Duplicates.termsOf(accepted, deal), Set.of(), STAGED);
        if (entry.isEmpty()) {
            return 0; // nothing was ever promised here
        }
        new QuotaTable(limits.get(), pace).requireRoom(new QuotaTable.Wish(deal, Set.of(DealTag.STAGING), entry.get().load()));
        return entry.get().load().arrivingBytes().longValueExact();
    }

    private void accept(Deal deal, Set<DealTag> needs) {
        Terms terms = Duplicates.termsOf(accepted, deal);
        QuotaConfig most = limits.get();
        // from here to the commit deals go one after the other: the fewer trips to the database the better
        Entry entry = accepted.enter(ours, deal.proposalCid(), terms, Duplicates.LIVE, most.wanted()).orElseThrow(() -> {
            given = NEVER;
            return new RetryableException("what there is to give is not noted; it is looked at again");
        });
        entry.rival().ifPresent(rival -> {
            String sentence = Rule.sentence(Duplicates.CODE, Duplicates.NAME, Duplicates.fault(rival));
            throw new RejectedException(sentence, sentence);
        });
        new QuotaTable(most, pace).require(new QuotaTable.Wish(deal, needs, entry.load()));
        accepted.accept(deal, terms.client(), needs);
    }

    /** Escrow that is not locked, and what the worker's wallet could add to it. */
    private TokenAmount spendable() {
        FilAddress wallet = chain.accountKey(chain.minerInfo(ours).worker());
        return chain.marketBalance(ours).available().plus(chain.walletBalance(wallet)).minus(limits.get().fundsReserve());
    }

    private static Set<DealTag> needs(Deal deal) {
        Set<DealTag> needs = EnumSet.noneOf(DealTag.class);
        for (DealTag tag : DealTag.values()) {
            if (tag.isNeededBy(deal)) {
                needs.add(tag);
            }
        }
        return needs;
    }

    private static Set<DealTag> minus(Set<DealTag> all, Set<DealTag> without) {
        Set<DealTag> rest = EnumSet.noneOf(DealTag.class);
        rest.addAll(all);
        rest.removeAll(without);
        return rest;
    }
}
