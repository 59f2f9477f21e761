package io.caravan.deal;

import static io.caravan.support.DealFixture.MINER;
import static io.caravan.support.DealFixture.NOW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealState;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.store.FileAudit;
import io.caravan.store.FileAudit.Kind;
import io.caravan.store.Litter;
import io.caravan.store.MoveFeeds;
import io.caravan.store.Outbox;
import io.caravan.store.MessageIntent;
import io.caravan.store.PostgresMessageStore;
import io.caravan.store.PublishQueue;
import io.caravan.store.QueuedDeal;
import io.caravan.store.Sql;
import io.caravan.store.TransferStore;
import io.caravan.support.DealBuilder;
import io.caravan.support.DealFixture;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What nobody needs goes, what a live deal needs stays, and the book tells of each removal before and after it. */
class JanitorTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path staging;

    private final SettableClock clock = SettableClock.at(NOW);
    private final Sql sql = POSTGRES.database().sql();
    private final FileAudit audit = new FileAudit(sql, clock);
    private final Litter litter = new Litter(sql, Role.PROVIDER);
    private final Outbox outbox = new Outbox(sql);
    private final TransferStore transfers = new TransferStore(sql);
    private final PostgresMessageStore messages = new PostgresMessageStore(sql, clock);
    private final Removals removals = new Removals(audit, transfers, litter, Role.PROVIDER);

    @BeforeEach
    void empty() {
        sql.write("test/empty", Map.of());
    }

    private Janitor janitor() {
        return new Janitor(new Janitor.Tools(litter, audit, removals, outbox),
                List.of(new Janitor.Place(staging, Kind.STAGING_ORPHAN, file -> false)),
                () -> new Janitor.Ages(Duration.ofHours(1), Duration.ofDays(30), Duration.ofDays(7)), clock);
    }

    private Path file(String name, Duration age) throws IOException {
        Path file = Files.write(staging.resolve(name), new byte[100]);
        Files.setLastModifiedTime(file, FileTime.from(NOW.minus(age)));
        return file;
    }

    private Deal aDeal(String name, DealState state, Path inbound) {
        return POSTGRES.deals(clock, "node").insert(DealBuilder.aDeal(name).in(state).at(NOW).build()
                .withFiles(new Deal.Files(inbound.toString(), null, 100L))).deal();
    }

    private void aTransfer(Cid deal, Duration age) {
        transfers.save(new TransferStore.Row(Role.PROVIDER, new TransferStore.Channel("a", "b", deal.hashCode()), deal, deal,
                "COMPLETED", true, 1, 1, null, 0, null, null,
                new TransferStore.Pace(NOW.minus(age), NOW.minus(age), 0), NOW.minus(age)));
    }

    @Test
    void removesOldFilesThatNoLiveDealRefersTo() throws IOException {
        Path orphan = file("orphan.car", Duration.ofHours(2));
        Path young = file("young.car", Duration.ofMinutes(59));
        Path used = file("used.car", Duration.ofDays(2));
        Path failed = file("failed.car", Duration.ofDays(2));
        aDeal("live", DealState.STAGED, used);
        aDeal("failed", DealState.ERROR, failed);
        janitor().sweep();
        janitor().sweep();
        assertThat(List.of(orphan, failed)).noneMatch(Files::exists);
        assertThat(List.of(young, used)).allMatch(Files::exists);
        assertThat(audit.newest(10)).hasSize(2).allSatisfy(line -> {
            assertThat(line.kind()).isEqualTo(Kind.STAGING_ORPHAN);
            assertThat(line.bytes()).isEqualTo(100);
            assertThat(line.why()).isEqualTo("no live deal refers to it");
            assertThat(line.outcome()).isEqualTo("deleted");
        });
    }

    @Test
    void removesTransfersOfDealsThatAreOver() throws IOException {
        Deal live = aDeal("live", DealState.TRANSFERRING, file("live.car", Duration.ZERO));
        Deal over = aDeal("over", DealState.ERROR, file("over.car", Duration.ZERO));
        aTransfer(live.proposalCid(), Duration.ofHours(2));
        aTransfer(over.proposalCid(), Duration.ofHours(2));
        Deal fresh = aDeal("fresh", DealState.ERROR, file("fresh.car", Duration.ZERO));
        aTransfer(fresh.proposalCid(), Duration.ofMinutes(5));
        janitor().sweep();
        assertThat(transfers.count(Role.PROVIDER, live.proposalCid())).isEqualTo(1);
        assertThat(transfers.count(Role.PROVIDER, over.proposalCid())).isZero();
        assertThat(transfers.count(Role.PROVIDER, fresh.proposalCid())).isEqualTo(1);
        assertThat(audit.of(over.proposalCid())).extracting(FileAudit.Line::kind, FileAudit.Line::outcome)
                .containsExactly(tuple(Kind.TRANSFER_ROW, "removed"));
    }

    private void publish(Deal deal, boolean isOver) {
        PublishQueue queue = new PublishQueue(sql, messages, clock);
        QueuedDeal place = queue.enter(deal.proposalCid(), MINER, deal.proposal().proposal().startEpoch());
        String key = "publish/" + deal.proposalCid();
        queue.close(List.of(place), new MessageIntent(key, DealFixture.worker(), MINER, 4, TokenAmount.ZERO, Bytes.wrap(new byte[1]), "a test"));
        if (isOver) {
            messages.callOff(key, "a test");
        }
    }

    @Test
    void removesThePlacesInThePublishQueueOfDealsThatAreOver() throws IOException {
        Deal live = aDeal("live", DealState.PUBLISHING, file("live.car", Duration.ZERO));
        Deal over = aDeal("over", DealState.ERROR, file("over.car", Duration.ZERO));
        publish(live, false);
        publish(over, false);
        clock.forward(Duration.ofHours(2));
        janitor().sweep();
        assertThat(litter.hasPlace(live.proposalCid())).isTrue();
        assertThat(litter.hasPlace(over.proposalCid())).isFalse();
        assertThat(audit.of(over.proposalCid())).extracting(FileAudit.Line::kind, FileAudit.Line::outcome)
                .contains(tuple(Kind.PUBLISH_ENTRY, "removed"));
    }

    @Test
    void forgetsInWhichMessagesADealWasAMonthAfterItsEndUnlessOneMayStillLand() throws IOException {
        Deal live = aDeal("live", DealState.ACTIVE, file("live.car", Duration.ZERO));
        Deal over = aDeal("over", DealState.EXPIRED, file("over.car", Duration.ZERO));
        Deal open = aDeal("open", DealState.ERROR, file("open.car", Duration.ZERO));
        publish(live, true);
        publish(over, true);
        publish(open, false);
        PublishQueue queue = new PublishQueue(sql, messages, clock);
        clock.forward(Duration.ofDays(30));
        janitor().sweep();
        assertThat(queue.attempts(over.proposalCid())).as("on the last day").hasSize(1);
        clock.forward(Duration.ofSeconds(1));
        janitor().sweep();
        assertThat(queue.attempts(over.proposalCid())).isEmpty();
        assertThat(queue.attempts(live.proposalCid())).hasSize(1);
        assertThat(queue.attempts(open.proposalCid())).hasSize(1);
        assertThat(messages.find("publish/" + over.proposalCid())).as("the message itself").isPresent();
    }

    @Test
    void forgetsMovesAWeekAfterTheyHappenedUnlessAReceiverHasStillToTakeThem() {
        moved("first");
        moved("second");
        MoveFeeds feeds = new MoveFeeds(sql, clock, "node");
        MoveFeeds.Hold hold = feeds.hold("webhook", "provider", null, Duration.ofHours(1)).orElseThrow();
        feeds.hold("of-sectors", "sector", null, Duration.ofHours(1)).orElseThrow(); // never begins, and holds up sectors only
        feeds.begin(hold, true);
        feeds.taken(hold, outbox.after(0, 1).get(0).id(), 1);
        clock.forward(Duration.ofDays(7));
        janitor().sweep();
        assertThat(outbox.after(0, 10)).as("on the last day").hasSize(2);
        clock.forward(Duration.ofSeconds(1));
        moved("third");
        janitor().sweep();
        assertThat(outbox.after(0, 10)).as("what is not taken stays").hasSize(2);
        feeds.taken(hold, outbox.newest(), 2);
        janitor().sweep();
        assertThat(outbox.after(0, 10)).as("what is young stays").hasSize(1);
    }

    private void moved(String name) {
        POSTGRES.deals(clock, "node").insert(DealBuilder.aDeal(name).at(clock.instant()).build(), DealEvent.OPEN);
    }

    @Test
    void finishesARemovalThatAKillInterruptedBehindTheDeletion() throws IOException {
        Path gone = staging.resolve("gone.car");
        Deal deal = aDeal("killed", DealState.FINALIZING, gone);
        audit.plan(deal.proposalCid(), Kind.STAGING_CAR, gone.toString(), 100, "the deal is proven");
        assertThat(audit.isOpen(Kind.STAGING_CAR, gone.toString())).isTrue();
        removals.file(deal.proposalCid(), Kind.STAGING_CAR, gone.toString(), "the deal is proven");
        removals.file(deal.proposalCid(), Kind.STAGING_CAR, gone.toString(), "the deal is proven");
        assertThat(audit.of(deal.proposalCid())).hasSize(1).allSatisfy(line -> {
            assertThat(line.bytes()).isEqualTo(100);
            assertThat(line.outcome()).isEqualTo("gone");
        });
    }

    @Test
    void completesLinesOfTheBookThatNobodyElseWill() {
        audit.plan(null, Kind.TEMP_FILE, staging.resolve("lost").toString(), 5, "a test");
        clock.forward(Duration.ofHours(2));
        janitor().sweep();
        assertThat(audit.newest(1).get(0).outcome()).isEqualTo("gone");
    }
}
