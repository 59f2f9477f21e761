package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.AWAITING_PRE_COMMIT;
import static io.caravan.model.DealState.PUBLISHING;
import static io.caravan.model.DealState.SEALING;
import static io.caravan.model.DealState.STAGED;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.MarketDeal;
import io.caravan.chain.Methods;
import io.caravan.support.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * From the hand-off to the activation (deal-lifecycle §15.1 and §15.7). Tests that pack sectors in the same way follow each
 * other: another way costs a restart of the miner.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SealingScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(120);
    private static final long BUFFER = 600;
    /** Each piece is sealed at once. */
    private static final Map<String, String> ALONE = packing("0s", 256, 0);
    /** Sectors stay open until a start comes near. */
    private static final Map<String, String> TOGETHER = packing("1h", 256, 0);
    /** One sector for one piece at a time. */
    private static final Map<String, String> ONE_BY_ONE = packing("0s", 1, 1);

    static World world;
    private static Map<String, String> packing = ALONE;

    @BeforeAll
    static void start() {
        world = World.with().noCollateral().set("miner.accept.seal-time", "30s").set("miner.publish.start-buffer", "20")
                .set("sealing.start-epoch-buffer", Long.toString(BUFFER)).set("miner.confidence.state", "6")
                .set("daemon.confidence.state", "6").set("miner.messages.every", "500ms").set(ALONE).start();
    }

    private static Map<String, String> packing(String delay, int pieces, int sectors) {
        return Map.of("sealing.wait-deals.delay", delay, "sealing.max-pieces", Integer.toString(pieces),
                "sealing.max-sealing", Integer.toString(sectors));
    }

    /** The miner packs like that from now on. */
    private static void pack(Map<String, String> wanted) {
        if (!wanted.equals(packing)) {
            world.miner().restart(wanted);
            packing = wanted;
        }
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    @AfterEach
    void mend() {
        world.chain().interval(Duration.ofMillis(100));
        release();
    }

    /** Ends all faults, and waits until what was held has landed: its nonce stands before those of all later messages. */
    private static void release() {
        world.chain().call("Devnet.ClearFaults");
        Await.until(() -> "every message to land\n" + world.logTail(), LIMIT,
                () -> world.chain().call("MpoolPending", (Object) null).isEmpty());
    }

    private static String deal() {
        return world.start(Offer.of(world.imported(world.file(1_000))));
    }

    private static String dealAt(long start) {
        return world.start(Offer.of(world.imported(world.file(1_000))).start(start));
    }

    private static void hold(long method) {
        world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match",
                Map.of("to", world.minerAddress().toString(), "method", method)));
    }

    private static void holdPublishing() {
        world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match",
                Map.of("to", Methods.MARKET.toString(), "method", Methods.MARKET_PUBLISH_STORAGE_DEALS)));
    }

    private static long sector(String deal) {
        return Long.parseLong(world.miner().value("SELECT sector_number FROM sector_piece WHERE proposal_cid = '" + deal + "'"));
    }

    private static long dealId(String deal) {
        return Long.parseLong(world.miner().value("SELECT deal_id FROM deal WHERE proposal_cid = '" + deal + "'"));
    }

    private static long tries(String deal) {
        String tries = world.miner().value("SELECT tries FROM piece_setback WHERE proposal_cid = '" + deal + "'");
        return tries.isEmpty() ? 0 : Long.parseLong(tries);
    }

    private static void awaitReason(String deal, String words) {
        Await.until(() -> "'" + words + "' at the miner\n" + world.story(deal), LIMIT,
                () -> world.miner().deal(deal).path("waitsFor").asText("").contains(words));
    }

    private static boolean hasUnsealed(long sector) {
        return world.miner().files("sectors/unsealed").stream().anyMatch(file -> file.toString().endsWith("-" + sector));
    }

    private static void awaitProving(long sector) {
        Await.until(() -> "sector " + sector + " Proving\n" + world.logTail(), LIMIT,
                () -> world.miner().count("sector WHERE state = 'Proving' AND number = " + sector) == 1);
    }

    @Test
    @Order(1)
    @DisplayName("S009 with fast retrieval an unsealed copy is there once the sector is finalized")
    void fast() {
        String deal = world.start(Offer.of(world.imported(world.file(1_000))).fast());
        world.awaitActive(deal);
        awaitProving(sector(deal));
        assertThat(hasUnsealed(sector(deal))).isTrue();
        world.checkG(deal);
    }

    @Test
    @Order(2)
    @DisplayName("S010 without fast retrieval no unsealed copy is left, and the book tells what else was removed")
    void notFast() {
        String deal = deal();
        world.awaitActive(deal);
        awaitProving(sector(deal));
        assertThat(hasUnsealed(sector(deal))).isFalse();
        var removals = world.miner().call("Caravan.DealRemovals", Map.of("/", deal));
        assertThat(removals.findValuesAsText("kind")).contains("staging-car", "transfer-row");
        assertThat(removals.findValuesAsText("outcome")).containsOnly("deleted", "removed");
        assertThat(removals.get(0).path("why").asText()).isEqualTo("the deal is proven");
        world.checkG(deal);
    }

    @Test
    @Order(7)
    @DisplayName("S016 a sector is sealed early when the first start of its deals comes near, not the last")
    void earliestStart() {
        pack(TOGETHER);
        long start = world.chain().height() + BUFFER + 1_500;
        String first = dealAt(start);
        world.await(world.miner(), first, AWAITING_PRE_COMMIT);
        String second = deal();
        world.await(world.miner(), second, AWAITING_PRE_COMMIT);
        assertThat(sector(first)).isEqualTo(sector(second));
        String open = "sector WHERE sub_state = 'staging' AND number = " + sector(first);
        world.chain().warp(start - BUFFER - 20);
        assertThat(world.miner().count(open)).isEqualTo(1);
        world.chain().awaitHeight(start - BUFFER);
        world.awaitActive(first, second);
        world.checkG(first, second);
    }

    @Test
    @Order(9)
    @DisplayName("S095 at the limit of sectors a deal stays Staged, says why, and goes on when a place is free")
    void sealingLimit() {
        pack(ONE_BY_ONE);
        holdPublishing();
        String first = deal();
        world.await(world.miner(), first, PUBLISHING);
        String second = deal();
        world.await(world.miner(), second, PUBLISHING);
        world.chain().call("Devnet.ClearFaults");
        hold(Methods.MINER_PRE_COMMIT_SECTOR_BATCH2);
        // Whichever of them comes first takes the place.
        Await.until("one of the two in a sector", LIMIT, () -> Stream.of(first, second).anyMatch(SealingScenariosIT::isInSector));
        String late = isInSector(first) ? second : first;
        awaitReason(late, "sealing.max-sealing");
        assertThat(world.miner().state(late)).isEqualTo(STAGED);
        world.chain().call("Devnet.ClearFaults");
        world.awaitActive(first, second);
        assertThat(world.miner().count("sector_piece WHERE proposal_cid = '" + late + "'")).isEqualTo(1);
        world.checkG(first, second);
    }

    @Test
    @Order(10)
    @DisplayName("without disk to seal on a deal stays Staged, says what is missing over a kill too, and goes on by itself")
    void noDisk() {
        pack(ALONE);
        String before = deal();
        world.awaitActive(before);
        holdPublishing();
        String deal = deal();
        world.await(world.miner(), deal, PUBLISHING);
        world.miner().sealingDisk(12L << 20);
        release();
        awaitReason(deal, "no disk: needs ");
        assertThat(world.miner().deal(deal).path("waitsFor").asText()).contains("12 MiB free of ").contains("sealing.disk-reserve");
        assertThat(world.miner().state(deal)).isEqualTo(STAGED);
        world.miner().kill();
        world.miner().start();
        awaitReason(deal, "no disk: needs ");
        assertThat(world.miner().count("sector WHERE state NOT IN ('Proving', 'Unknown')")).isZero();
        world.miner().sealingDisk(Long.MAX_VALUE);
        world.awaitActive(deal);
        Await.until("the disk given back", LIMIT, () -> {
            world.miner().call("Caravan.SealingRoom");
            return world.miner().count("sector_disk") == 0;
        });
        assertThat(tries(deal)).isZero();
        world.checkG(before, deal);
    }

    private static boolean isInSector(String deal) {
        return world.miner().state(deal) == AWAITING_PRE_COMMIT;
    }

    @Test
    @Order(3)
    @DisplayName("S096 AddPiece fails twice, the third try takes the piece")
    void addPieceFails() throws IOException {
        String deal = spoilt(bytes -> Arrays.copyOf(bytes, 9_000_000));
        world.awaitActive(deal);
        world.checkG(deal);
    }

    @Test
    @Order(4)
    @DisplayName("S105 a piece with another commitment is refused, its sector is unharmed, and it is tried again")
    void wrongCommitment() throws IOException {
        String other = deal();
        String deal = spoilt(bytes -> {
            bytes[bytes.length / 2] ^= 1;
            return bytes;
        });
        world.awaitActive(deal, other);
        assertThat(world.miner().count("sector WHERE state = 'Unknown'")).as("sectors that failed").isZero();
        world.checkG(deal, other);
    }

    /** A deal whose staged data is changed before sealing takes it, and put right again after two tries. */
    private String spoilt(UnaryOperator<byte[]> change) throws IOException {
        holdPublishing();
        String deal = deal();
        world.await(world.miner(), deal, PUBLISHING);
        Path staged = Path.of(world.miner().value("SELECT inbound_path FROM deal WHERE proposal_cid = '" + deal + "'"));
        byte[] right = Files.readAllBytes(staged);
        Files.write(staged, change.apply(right.clone()));
        world.chain().call("Devnet.ClearFaults");
        Await.until(() -> "two failed tries\n" + world.story(deal) + world.logTail(), LIMIT, () -> tries(deal) >= 2);
        assertThat(world.miner().state(deal)).isEqualTo(STAGED);
        awaitReason(deal, "tried");
        Files.write(staged, right);
        world.await(world.miner(), deal, AWAITING_PRE_COMMIT);
        return deal;
    }

    @Test
    @Order(8)
    @DisplayName("S102 of two deals in a sector one is refused by the market: the other is activated, the first fails alone")
    void oneRefused() {
        pack(TOGETHER);
        holdPublishing();
        long start = world.chain().height() + BUFFER + 3_000;
        String refused = dealAt(start);
        String taken = deal();
        world.await(world.miner(), refused, PUBLISHING);
        world.await(world.miner(), taken, PUBLISHING);
        world.chain().call("Devnet.ClearFaults");
        world.await(world.miner(), refused, AWAITING_PRE_COMMIT);
        world.await(world.miner(), taken, AWAITING_PRE_COMMIT);
        world.chain().call("Devnet.RefuseActivation", dealId(refused));
        world.chain().warp(start - BUFFER);
        world.awaitActive(taken);
        assertThat(sector(taken)).isEqualTo(sector(refused));
        assertThat(world.miner().state(refused)).isEqualTo(SEALING);
        world.chain().warp(start + 10);
        world.awaitError(refused);
        assertThat(world.miner().message(refused)).contains("not activated by start epoch " + start);
        assertThat(world.miner().state(taken)).isEqualTo(ACTIVE);
        world.checkG(refused, taken);
    }

    @Test
    @Order(5)
    @DisplayName("S103 a deal that ends after its sector is not activated, and fails at its start")
    void outlivesItsSector() {
        long start = world.chain().height() + BUFFER + 3_000;
        hold(Methods.MINER_PROVE_COMMIT_SECTORS3);
        String deal = dealAt(start);
        world.await(world.miner(), deal, SEALING);
        world.chain().call("Devnet.ShortenPreCommit", world.minerAddress(), sector(deal), start + 1_000);
        world.chain().call("Devnet.ClearFaults");
        awaitProving(sector(deal));
        assertThat(world.miner().state(deal)).isEqualTo(SEALING);
        world.chain().warp(start + 10);
        world.awaitError(deal);
        assertThat(world.daemon().message(deal)).contains("not activated");
        world.checkG(deal);
    }

    @Test
    @Order(6)
    @DisplayName("S104 an activation that a reorganisation takes back within the confidence is never reported")
    void revertedActivation() {
        String deal = deal();
        world.await(world.miner(), deal, SEALING);
        world.chain().interval(Duration.ZERO);
        long id = dealId(deal);
        Await.until(() -> "the activation on chain\n" + world.story(deal), LIMIT, () -> {
            world.chain().mine(1);
            return world.chain().deal(id).filter(MarketDeal::isActive).isPresent();
        });
        hold(Methods.MINER_PROVE_COMMIT_SECTORS3);
        world.chain().call("Devnet.Reorg", 3);
        assertThat(world.chain().deal(id).filter(MarketDeal::isActive)).isEmpty();
        world.chain().mine(2);
        assertThat(world.miner().state(deal)).isEqualTo(SEALING);
        assertThat(world.shown(deal)).isEqualTo(SEALING);
        mend();
        world.awaitActive(deal);
        assertThat(world.miner().events(deal)).containsOnlyOnce("DealActivated").doesNotContain("Reverted");
        assertThat(world.daemon().events(deal)).containsOnlyOnce("DealActivated").doesNotContain("Reverted");
        world.checkG(deal);
    }
}
