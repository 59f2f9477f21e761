package io.caravan.deal;

import static io.caravan.support.DealFixture.HEAD;
import static io.caravan.support.DealFixture.NOW;
import static io.caravan.support.DealFixture.terms;

import io.caravan.chain.BitField;
import io.caravan.chain.Chain;
import io.caravan.chain.FeeLimit;
import io.caravan.chain.FeeRules;
import io.caravan.chain.MarketDeal;
import io.caravan.chain.MessageLane;
import io.caravan.chain.MessageWatcher;
import io.caravan.chain.Methods;
import io.caravan.chain.PublishStorageDealsParams;
import io.caravan.chain.PublishStorageDealsReturn;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealLabel;
import io.caravan.model.DealMove;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.Role;
import io.caravan.model.SectorNumber;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.store.FundRequests;
import io.caravan.store.MessageStore;
import io.caravan.store.PostgresDealStore;
import io.caravan.store.PostgresFundStore;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.Sql;
import io.caravan.support.DealFixture;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A publisher on real rows, with a chain and a clock that a test moves. */
final class PublishBench {

    /** A start epoch within the buffer before which deals are published. */
    static final long TOO_LATE = HEAD + 479;
    static final long CONFIDENCE = 10;

    /** What a kill -9 is to a test. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A process that dies behind its n-th call to something that outlives it. */
    static final class Mortal {

        private int calls;
        private int last = Integer.MAX_VALUE;

        /** Dies behind its n-th call from now on. */
        void diesAfter(int n) {
            last = calls + n;
        }

        /** It is started again, and lives. */
        void lives() {
            last = Integer.MAX_VALUE;
        }

        <T> T watched(Class<T> type, T target) {
            return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, args) -> {
                try {
                    Object result = method.invoke(target, args);
                    if (++calls == last) {
                        throw new Killed();
                    }
                    return result;
                } catch (InvocationTargetException e) {
                    throw e.getCause();
                }
            }));
        }
    }

    private final FakeChain chain = DealFixture.chain();
    private final SettableClock clock = SettableClock.at(NOW);
    private final Sql sql;
    private final PostgresDealStore deals;
    private final PostgresMessageStore messages;
    private final PublishQueue queue;
    private final MessageWatcher watcher;
    private final Chain seen;
    private final MessageLane lane;
    private final FundReserver funds;
    private int number;

    PublishBench(TestPostgres postgres) {
        this(postgres, FeeLimit.NONE);
    }

    PublishBench(TestPostgres postgres, FeeLimit fees) {
        this(postgres, fees, new Mortal());
    }

    /** @param life ends behind some call to chain or message store */
    PublishBench(TestPostgres postgres, FeeLimit fees, Mortal life) {
        sql = postgres.database().sql();
        sql.write("test/empty", Map.of());
        deals = postgres.deals(clock, "node");
        messages = new PostgresMessageStore(sql, clock);
        seen = life.watched(Chain.class, chain);
        MessageStore kept = life.watched(MessageStore.class, messages);
        queue = new PublishQueue(sql, kept, clock);
        watcher = new MessageWatcher(seen, kept);
        lane = new MessageLane(seen, kept, DealFixture.signer(), () -> FeeRules.of(FeeLimit.NONE).with(FeeRules.PUBLISH, fees));
        FundMarket market = new FundMarket(chain, deals, DealFixture.signer());
        funds = new FundReserver(new FundKeeper(new FundKeeper.Tools(chain, new PostgresFundStore(sql, messages, clock),
                new FundRequests(sql, messages, clock), messages, lane, watcher, market), () -> FundKeeper.Ceiling.NONE, () -> 5, clock),
                () -> 5, clock);
    }

    FakeChain chain() {
        return chain;
    }

    SettableClock clock() {
        return clock;
    }

    PublishQueue queue() {
        return queue;
    }

    PostgresMessageStore store() {
        return messages;
    }

    MessageLane lane() {
        return lane;
    }

    DealPublisher publisher(PublishConfig config) {
        return publisher(() -> config);
    }

    /** By settings that change. */
    DealPublisher publisher(Supplier<PublishConfig> config) {
        return new DealPublisher(new DealPublisher.Tools(seen, deals, queue, lane, watcher, funds),
                new DealPublisher.Settings(config, () -> CONFIDENCE, clock));
    }

    /** Publishes each deal alone and at once. */
    DealPublisher publisher() {
        return publisher(new PublishConfig(Duration.ZERO, 8, 480));
    }

    Deal deal() {
        return deal(DealFixture.START);
    }

    Deal deal(long start) {
        DealProposal p = terms();
        return inserted(new DealProposal(p.pieceCid(), p.pieceSize(), false, p.client(), p.provider(), p.label(),
                Epoch.of(start), p.endEpoch(), TokenAmount.ofAtto(1000 + number++), TokenAmount.ZERO, TokenAmount.ZERO));
    }

    /** A deal whose label is as long as the market allows. */
    Deal longLabelled() {
        DealProposal p = terms();
        return inserted(new DealProposal(p.pieceCid(), p.pieceSize(), false, p.client(), p.provider(),
                DealLabel.ofText("x".repeat(256)), p.startEpoch(), p.endEpoch(), TokenAmount.ofAtto(1000 + number++),
                TokenAmount.ZERO, TokenAmount.ZERO));
    }

    private Deal inserted(DealProposal terms) {
        return deals.insert(DealFixture.deal(Role.PROVIDER, DealState.UNKNOWN, terms), DealEvent.OPEN).deal();
    }

    List<Deal> deals(int count) {
        List<Deal> made = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            made.add(deal());
        }
        return made;
    }

    /** Puts deals into the queue and does nothing else with them. */
    void enter(Deal... some) {
        Arrays.stream(some).forEach(deal -> queue.enter(deal.proposalCid(), deal.proposal().proposal().provider(),
                deal.proposal().proposal().startEpoch()));
    }

    /** Runs the phase; a deal that fails in it has no say here. */
    void publish(DealPublisher publisher, Deal deal) {
        try {
            publisher.publish(deal);
        } catch (FatalException e) {
            queue.leave(deal.proposalCid());
        }
    }

    /** The deals of each publish message that was pushed, in its order. */
    List<List<SignedProposal>> messages() {
        return chain.pushed().stream().map(SignedMessage::message)
                .filter(message -> message.method() == Methods.MARKET_PUBLISH_STORAGE_DEALS)
                .map(message -> PublishStorageDealsParams.ofCbor(message.params().toArray()).deals()).toList();
    }

    List<Integer> sizes() {
        return messages().stream().map(List::size).toList();
    }

    /** Executes a message that takes its only deal under this number, deep enough. */
    void land(Cid message, Deal deal, long dealId) {
        chain.land(message, 0, Bytes.wrap(new PublishStorageDealsReturn(List.of(dealId), BitField.of(0)).toCbor()));
        chain.deal(dealId, new MarketDeal(deal.proposal().proposal().withClient(DealFixture.CLIENT_ID),
                SectorNumber.of(0), -1, -1, -1));
        chain.to(chain.head().epoch().value() + CONFIDENCE);
    }

    PublishRecheck recheck(PublishRecheck.Numbers numbers) {
        return new PublishRecheck(chain, deals, watcher, Role.PROVIDER, () -> CONFIDENCE, numbers);
    }

    /** Lets the stored deal be Staged with the given one's facts. */
    Deal staged(Deal known) {
        sql.write("test/deal-state", Map.of("proposal_cid", known.proposalCid().toString(), "state",
                DealState.STAGED.code(), "publish_cid", String.valueOf(known.chain().publishCid()), "deal_id", known.dealId()));
        return stored(known);
    }

    Deal stored(Deal deal) {
        return deals.find(deal.proposalCid(), Role.PROVIDER).orElseThrow();
    }

    List<DealEvent> history(Deal deal) {
        return deals.events(deal.proposalCid(), Role.PROVIDER).stream().map(DealMove::event).toList();
    }

    String lastNote(Deal deal) {
        List<DealMove> history = deals.events(deal.proposalCid(), Role.PROVIDER);
        return String.valueOf(history.get(history.size() - 1).note());
    }
}
