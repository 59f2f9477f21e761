package io.caravan.scenario;

import static io.caravan.model.DealState.ACCEPT_WAIT;
import static io.caravan.model.DealState.ERROR;
import static io.caravan.model.DealState.FAILING;
import static io.caravan.model.DealState.FUNDS_RESERVED;
import static io.caravan.model.DealState.REJECTING;
import static io.caravan.model.DealState.VALIDATING;
import static io.caravan.model.DealState.WAITING_FOR_DATA;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.chain.Chain;
import io.caravan.chain.Message;
import io.caravan.chain.Methods;
import io.caravan.chain.SignedMessage;
import io.caravan.chain.WithdrawBalanceParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.libp2p.Stream;
import io.caravan.market.MarketProtocols;
import io.caravan.market.ProposalMessage;
import io.caravan.market.ProposalResponse;
import io.caravan.model.DataRef;
import io.caravan.model.DealLabel;
import io.caravan.model.DealProposal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.PaddedPieceSize;
import io.caravan.model.SignedProposal;
import io.caravan.model.TokenAmount;
import io.caravan.model.UnpaddedPieceSize;
import io.caravan.support.Await;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Proposals that the miner refuses, each at its boundary (deal-lifecycle §15.2). Most come from a client of the test's own,
 * because our daemon would not make them; the clock stands still where an epoch matters. Tests restart the miner where they
 * want it to be another one.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RejectionScenariosIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final long FEW = 100;
    private static final long MANY = 1000;
    private static final Cid BLOCKED = ForeignClient.freshPiece();
    /** More than any disk has. */
    private static final String WHOLE_DISK = "7000000GiB";
    private static final Map<String, String> BUSY = Map.of("miner.accept.max-sealing-sectors", "1",
            "miner.accept.client-deals-per-hour", "2", "sealing.max-pieces", "1",
            "miner.publish.period", "1h", "miner.publish.max", "2"); // together, for a held pre-commit holds later messages too
    /** Tests that want another miner come last, those that want the same one together. */
    private static final int LATER = Order.DEFAULT;
    /** The miner with no wish of its own. */
    private static final Map<String, String> OPEN = new HashMap<>(Map.ofEntries(
            Map.entry("miner.accept.online", "true"), Map.entry("miner.accept.offline", "true"),
            Map.entry("miner.accept.verified", "true"), Map.entry("miner.accept.unverified", "true"),
            Map.entry("miner.accept.blocked-pieces", ""), Map.entry("miner.accept.seal-time", "0s"),
            Map.entry("miner.accept.max-start-delay", "365d"), Map.entry("miner.accept.filter-timeout", "3s"),
            Map.entry("miner.accept.staging-quota", "0"), Map.entry("miner.accept.client-quota", "0"),
            Map.entry("miner.accept.funds-reserve", "0 attoFIL"), Map.entry("miner.accept.disk-reserve", "0"),
            Map.entry("miner.accept.max-deals", "0"), Map.entry("miner.accept.max-sealing-sectors", "0"),
            Map.entry("miner.accept.client-deals-per-hour", "0"), Map.entry("sealing.max-pieces", "256"),
            Map.entry("miner.publish.period", "0s"), Map.entry("miner.publish.max", "8")));

    @TempDir
    static Path folder;
    static World world;
    private static ForeignClient stranger;
    private static ForeignClient verified;
    private static Path filter;
    private static Map<String, String> wanted = OPEN;

    @BeforeAll
    static void start() throws IOException {
        filter = Files.writeString(folder.resolve("filter.sh"), "exit 0");
        OPEN.put("miner.accept.filter", "sh " + filter);
        world = World.with().set(OPEN).start();
        stranger = world.foreign();
        verified = world.foreign();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            stranger.close();
            verified.close();
            world.close();
        }
    }

    @Test
    @DisplayName("S020 a signature over other bytes is refused by V2")
    void otherBytes() {
        DealProposal terms = stranger.terms();
        SignedProposal honest = stranger.signed(terms);
        SignedProposal forged = new SignedProposal(epochs(terms, terms.startEpoch().value(), terms.endEpoch().value() + 1), honest.signature());
        refused("V2 bad-signature: of " + stranger.address(), forged);
    }

    @Test
    @DisplayName("S021 a proposal to another miner is refused by V3")
    void otherMiner() {
        refused("V3 wrong-provider: f01234567 is not " + world.minerAddress(), p -> new DealProposal(p.pieceCid(), p.pieceSize(),
                p.isVerified(), p.client(), FilAddress.ofId(1_234_567), p.label(), p.startEpoch(), p.endEpoch(),
                p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral()));
    }

    @Test
    @DisplayName("S022 a label of 257 bytes is refused by V4, one of 256 is taken")
    void label() {
        refused("V4 label-too-long: 257 > 256", p -> labelled(p, DealLabel.ofText("x".repeat(257))));
        refused("V-label-utf8", p -> labelled(p, new DealLabel(true, Bytes.wrap(new byte[] {(byte) 0xff}))));
        taken(p -> labelled(p, DealLabel.ofText("x".repeat(256))));
    }

    @ParameterizedTest(name = "S023 a piece of {0} bytes is refused by V5")
    @ValueSource(longs = {64, 100, 2047})
    void pieceSize(long size) {
        refused("V5 piece-size-invalid: " + size + " bytes", p -> piece(p, p.pieceCid(), size));
    }

    @Test
    @DisplayName("S024 a piece CID of raw data is refused by V7")
    void pieceCid() {
        Cid raw = Cid.rawSha256(new byte[] {1, 2, 3});
        refused("V7 piece-cid-prefix: " + raw, p -> piece(p, raw, 2048));
    }

    @Test
    @DisplayName("S025 a deal that ends where it starts is refused by V8")
    void noDuration() {
        refused("V8 end-before-start", p -> epochs(p, p.startEpoch().value(), p.startEpoch().value()));
    }

    @Test
    @DisplayName("S026 a start before the head is refused by V9, one at the head passes it")
    void startElapsed() {
        still(head -> {
            refused("V9 start-elapsed: " + (head - 1) + " < " + head, p -> epochs(p, head - 1, head + World.DURATION));
            passed("V9", p -> epochs(p, head, head + World.DURATION));
        });
    }

    @Test
    @DisplayName("S027 an epoch less than the shortest and one more than the longest deal are refused by V10, those themselves pass")
    void duration() {
        still(head -> {
            refused("V10 duration-out-of-bounds: 518399 < 518400", p -> epochs(p, head, head + 518_399));
            refused("V10 duration-out-of-bounds: 3680641 > 3680640", p -> epochs(p, head, head + 3_680_641));
            passed("V10", p -> epochs(p, head + 1, head + 1 + 518_400));
            passed("V10", p -> epochs(p, head, head + 3_680_640));
        });
    }

    @Test
    @DisplayName("S028 an end later than a sector can live is refused by V11, the last possible one passes")
    void endTooFar() {
        still(head -> {
            long last = head + 3_680_640;
            refused("V11 end-too-far: " + (last + 1) + " > " + last, p -> epochs(p, head + FEW, last + 1));
            taken(p -> epochs(p, head + FEW, last));
        });
    }

    @Test
    @DisplayName("S029 provider collateral below the least is refused by V12, above twice the least by V13, both bounds pass")
    void collateral() {
        BigInteger least = world.chain().reads().collateralBounds(PaddedPieceSize.of(2048), false).min().atto();
        assertThat(least).isPositive();
        BigInteger most = least.shiftLeft(1);
        BigInteger one = BigInteger.ONE;
        refused("V12 collateral-too-low: " + least.subtract(one) + " < " + least, p -> collateral(p, least.subtract(one)));
        refused("V13 collateral-too-high: " + most.add(one) + " > " + most, p -> collateral(p, most.add(one)));
        taken(p -> collateral(p, least));
        taken(p -> collateral(p, most));
    }

    @ParameterizedTest(name = "S030 for {1} bytes at {0} attoFIL a price of {2} is taken, one less refused by V14")
    @CsvSource({"500000000, 2048, 953", "500000000, 256, 119", "500000000, 1048576, 488281", "50000000, 2048, 95", "1, 2048, 0"})
    void price(long ask, long size, long least) {
        world.setAsk(TokenAmount.ofAtto(ask), TokenAmount.ZERO);
        PaddedPieceSize piece = PaddedPieceSize.of(size);
        if (least > 0) {
            refused("V14 price-below-ask: " + (least - 1) + " < " + least, stranger.signed(price(stranger.terms(piece), least - 1)));
        }
        taken(stranger.signed(price(stranger.terms(piece), least)));
        world.setAsk(TokenAmount.ZERO, TokenAmount.ZERO);
    }

    @Test
    @DisplayName("S030 our daemon's deal below the ask ends on both sides with the code, and gives its money back")
    void priceOfTheDaemon() {
        world.setAsk(TokenAmount.ofAtto(500_000_000), TokenAmount.ZERO);
        String deal = world.start(Offer.of(world.imported(world.file(1_500))).price(TokenAmount.ofAtto(952)));
        world.awaitError(deal);
        world.setAsk(TokenAmount.ZERO, TokenAmount.ZERO);
        assertThat(world.miner().path(deal)).containsExactly(VALIDATING, REJECTING, FAILING, ERROR);
        assertThat(world.daemon().path(deal)).endsWith(FUNDS_RESERVED, FAILING, ERROR);
        assertThat(world.miner().message(deal)).isEqualTo("V14 price-below-ask: 952 < 953");
        assertThat(world.daemon().message(deal)).contains("V14 price-below-ask: 952 < 953");
        assertThat(world.miner().count("transfer_channel WHERE proposal_cid = '" + deal + "'")).isZero();
        world.checkG(deal);
    }

    @Test
    @DisplayName("S031 a piece smaller than the ask's least is refused by V15, one bigger than its most by V16")
    void pieceOfTheAsk() {
        world.miner().call("MarketSetAsk", "0", "0", 1_000_000L, 1024L, 4096L);
        refused("V15 piece-too-small: 512 < 1024", stranger.signed(stranger.terms(PaddedPieceSize.of(512))));
        refused("V16 piece-too-big: 8192 > 4096", stranger.signed(stranger.terms(PaddedPieceSize.of(8192))));
        taken(stranger.signed(stranger.terms(PaddedPieceSize.of(1024))));
        taken(stranger.signed(stranger.terms(PaddedPieceSize.of(4096))));
        world.setAsk(TokenAmount.ZERO, TokenAmount.ZERO);
    }

    @Test
    @DisplayName("S032 a client that withdrew one attoFIL too much is refused by V17")
    void withdrawn() {
        TokenAmount price = TokenAmount.ofAtto(953);
        TokenAmount needed = price.times(World.DURATION);
        try (ForeignClient poor = world.foreign(needed)) {
            taken(poor, poor.signed(price(poor.terms(), 953)));
            withdraw(poor, TokenAmount.ofAtto(1));
            refused("V17 client-funds-insufficient: " + needed.minus(TokenAmount.ofAtto(1)).atto() + " < " + needed.atto(), poor,
                    ForeignClient.message(poor.signed(price(poor.terms(), 953)), DataRef.GRAPHSYNC));
        }
    }

    @Test
    @DisplayName("S033 a verified deal is refused by V18 without datacap and with a byte too little, taken with enough")
    void datacap() {
        try (ForeignClient other = world.foreign()) {
            UnaryOperator<DealProposal> change = RejectionScenariosIT::verified;
            refused("V18 datacap-insufficient: not a verified client", other, message(other, change));
            world.chain().grantDatacap(other.address(), 2047);
            refused("V18 datacap-insufficient: 2047 < 2048", other, message(other, change));
            world.chain().grantDatacap(other.address(), 1);
            taken(other, other.signed(change.apply(other.terms())));
        }
    }

    @Test
    @DisplayName("S034 an ask that has expired is refused by V-ask-expired")
    void askExpired() {
        world.miner().call("MarketSetAsk", "0", "0", 3L, 256L, 8L << 20);
        long expiry = world.ask().expiry().value();
        world.chain().awaitHeight(expiry + 1);
        refused("V-ask-expired: " + expiry + " < ", p -> p);
        world.setAsk(TokenAmount.ZERO, TokenAmount.ZERO);
    }

    @Test
    @Order(LATER + 1)
    @DisplayName("S035 kinds of deals that are not wanted are refused by F1, F2, F3 and F4")
    void kinds() {
        world.chain().grantDatacap(verified.address(), 1 << 20);
        miner(Map.of("miner.accept.online", "false", "miner.accept.verified", "false"));
        refused("F1 online-deals-not-wanted", p -> p);
        refused("F3 verified-deals-not-wanted", verified,
                ForeignClient.message(verified.signed(verified(verified.terms())), DataRef.MANUAL));
        miner(Map.of("miner.accept.offline", "false", "miner.accept.unverified", "false"));
        refused("F2 offline-deals-not-wanted", stranger, ForeignClient.message(stranger.signed(stranger.terms()), DataRef.MANUAL));
        refused("F4 unverified-deals-not-wanted", p -> p);
    }

    @Test
    @Order(LATER + 8)
    @DisplayName("S036 a blocked piece is refused by F5")
    void blocked() {
        miner(timed());
        refused("F5 piece-blocked: " + BLOCKED, p -> piece(p, BLOCKED, 2048));
        long start = world.chain().height() + FEW + MANY / 2;
        taken(p -> epochs(p, start, start + World.DURATION));
    }

    @Test
    @Order(LATER + 9)
    @DisplayName("S037 an epoch too early to be sealed in time is refused by F6, the earliest passes")
    void tooSoon() {
        miner(timed());
        still(head -> {
            long earliest = head + FEW;
            refused("F6 start-too-soon: " + (earliest - 1) + " < " + earliest, p -> epochs(p, earliest - 1, earliest + World.DURATION));
            passed("F6", p -> epochs(p, earliest, earliest + World.DURATION));
        });
    }

    @Test
    @Order(LATER + 10)
    @DisplayName("S038 a start too far ahead is refused by F8, unless the deal is offline")
    void tooFar() {
        miner(timed());
        still(head -> {
            long last = head + FEW + MANY;
            SignedProposal late = stranger.signed(epochs(stranger.terms(), last + 1, last + 1 + World.DURATION));
            refused("F8 start-too-far: " + (last + 1) + " > " + last, late);
            taken(p -> epochs(p, last, last + World.DURATION));
            DealProposal offline = epochs(stranger.terms(), last + 1, last + 1 + World.DURATION);
            ProposalResponse answer = stranger.proposeManual(stranger.signed(offline));
            assertThat(answer.state()).isEqualTo(WAITING_FOR_DATA);
        });
    }

    @Test
    @DisplayName("S039 a filter that exits 1 and prints no refuses by F9 with its word")
    void filterSaysNo() throws IOException {
        miner(Map.of());
        Files.writeString(filter, "grep -q '\"DealType\":\"storage\"' && echo no; exit 1");
        refused("F9 filter-refused: no", p -> p);
        Files.writeString(filter, "exit 0");
        taken(p -> p);
    }

    @Test
    @DisplayName("S040 a filter that takes too long or cannot be run refuses by F9, and its trouble stays ours")
    void filterFails() throws IOException {
        Files.writeString(filter, "sleep 100");
        String told = "F9 filter-error: the miner's deal filter did not decide";
        String slow = refused(told, p -> p);
        Files.writeString(filter, "exec /no/such/filter");
        String missing = refused(told, p -> p);
        Files.writeString(filter, "exit 0");
        assertThat(note(slow)).isEqualTo("F9 filter-error: no answer within 3000 ms");
        assertThat(note(missing)).contains("/no/such/filter");
    }

    @Test
    @Order(LATER + 2)
    @DisplayName("S041 exactly full staging is refused by Q-space, a client's own part of it by Q-client")
    void staging() {
        settled();
        long held = Long.parseLong(world.miner().value("SELECT coalesce(sum(amount), 0) FROM deal_tag WHERE kind = 'STAGING'"));
        miner(Map.of("miner.accept.staging-quota", held + 3 * 2048 + "B", "miner.accept.client-quota", "4096B"));
        try (ForeignClient one = world.foreign(); ForeignClient two = world.foreign()) {
            taken(one, one.signed(one.terms()));
            refused("Q-client client-quota-full: 4096 >= 4096", one, message(one, p -> p));
            taken(two, two.signed(two.terms()));
            String full = refused("Q-space staging-full", one, message(one, p -> p));
            assertThat(world.miner().message(full)).isEqualTo("Q-space staging-full");
            assertThat(note(full)).isEqualTo("Q-space staging-full: " + (held + 3 * 2048) + " >= " + (held + 3 * 2048));
        }
    }

    @Test
    @Order(LATER + 3)
    @DisplayName("S042 a miner whose escrow and wallet lack one attoFIL refuses by Q-funds, and holds no tag")
    void funds() {
        still(head -> {
            BigInteger most = world.chain().reads().collateralBounds(PaddedPieceSize.of(2048), false).min().atto().shiftLeft(1);
            miner(Map.of("miner.accept.funds-reserve", unpromised().subtract(most).add(BigInteger.ONE) + " attoFIL",
                    "miner.accept.disk-reserve", WHOLE_DISK));
            String deal = refused("Q-funds provider-funds-insufficient", p -> collateral(p, most));
            assertThat(note(deal)).isEqualTo("Q-funds provider-funds-insufficient: " + most.subtract(BigInteger.ONE) + " < " + most + " attoFIL");
        });
    }

    @Test
    @Order(LATER + 4)
    @DisplayName("S045 a disk with less than the reserve free refuses by Q-disk")
    void disk() {
        if (!wanted.get("miner.accept.disk-reserve").equals(WHOLE_DISK)) {
            miner(Map.of("miner.accept.disk-reserve", WHOLE_DISK));
        }
        String deal = refused("Q-disk disk-full", p -> p);
        assertThat(world.miner().message(deal)).isEqualTo("Q-disk disk-full");
    }

    @Test
    @Order(LATER + 5)
    @DisplayName("S043 of two proposals that race for the last place exactly one is taken")
    void lastPlace() {
        settled();
        miner(Map.of("miner.accept.max-deals", Long.toString(world.miner().count("deal_tag WHERE kind = 'SLOT'") + 1)));
        try (ForeignClient other = world.foreign()) {
            SignedProposal left = stranger.signed(stranger.terms());
            SignedProposal right = other.signed(other.terms());
            CompletableFuture<ProposalResponse> first = CompletableFuture.supplyAsync(() -> stranger.propose(left));
            CompletableFuture<ProposalResponse> second = CompletableFuture.supplyAsync(() -> other.propose(right));
            List<ProposalResponse> answers = List.of(first.join(), second.join());
            assertThat(answers).extracting(ProposalResponse::isAccepted).containsExactlyInAnyOrder(true, false);
            assertThat(answers).filteredOn(answer -> !answer.isAccepted()).extracting(ProposalResponse::message)
                    .containsExactly("Q-deals too-many-deals");
            world.checkG();
        }
    }

    @Test
    @Order(LATER + 6)
    @DisplayName("S044 a busy sealing queue refuses by Q-backpressure and says when to come again, then takes the deal")
    void backpressure() {
        miner(BUSY);
        world.chain().call("Devnet.MpoolRule", Map.of("action", "hold", "match",
                WorldChain.match(world.minerAddress(), Methods.MINER_PRE_COMMIT_SECTOR_BATCH2)));
        String one = world.deal(1_000);
        String two = world.deal(1_000);
        Await.until(() -> "two sectors are being sealed" + world.story(one) + world.story(two), LIMIT,
                () -> world.miner().count("sector WHERE state = 'PreCommitPhase2' AND sub_state = 'landing'") == 2);
        String busy = refused("Q-backpressure sealing-busy: 2 sectors are being sealed, 1 are enough; ", p -> p);
        assertThat(world.miner().message(busy)).matches(".*; (again in about \\d+ min|when again is unknown)");
        world.chain().call("Devnet.ClearFaults");
        world.awaitActive(one, two);
        try (ForeignClient later = world.foreign()) {
            taken(later, later.signed(later.terms()));
        }
        world.checkG(one, two);
    }

    @Test
    @Order(LATER + 6)
    @DisplayName("without disk to seal on a proposal is refused by Q-backpressure, with disk it is taken")
    void noDiskToSealOn() {
        miner(Map.of());
        world.miner().sealingDisk(0);
        world.miner().restart();
        assertThat(world.miner().call("Caravan.SealingRoom").path("disk").path("shortage").asText()).startsWith("no disk: needs ");
        String none = "Q-backpressure sealing-busy: there is no disk to seal one more sector on; ";
        String deal = refused(none, p -> p);
        assertThat(world.miner().message(deal)).matches(".*; (again in about \\d+ min|when again is unknown)");
        world.miner().sealingDisk(Long.MAX_VALUE);
        world.miner().restart();
        try (ForeignClient later = world.foreign()) {
            taken(later, later.signed(later.terms()));
        }
    }

    @Test
    @Order(LATER + 7)
    @DisplayName("S046 a client that had its deals of the hour is refused by Q-rate, another is not")
    void rate() {
        miner(BUSY);
        try (ForeignClient eager = world.foreign(); ForeignClient other = world.foreign()) {
            taken(eager, eager.signed(eager.terms()));
            taken(eager, eager.signed(eager.terms()));
            refused("Q-rate client-too-fast: 2 >= 2 deals in an hour", eager, message(eager, p -> p));
            taken(other, other.signed(other.terms()));
        }
    }

    @Test
    @DisplayName("S047 a miner whose chain node is down refuses with server error, and keeps the details to itself")
    void nodeDown() {
        miner(Map.of());
        taken(p -> p);
        ProposalMessage message = message(stranger, p -> p);
        ProposalResponse answer;
        world.miner().chain().cut();
        try {
            answer = stranger.propose(message);
        } finally {
            world.miner().chain().restore();
        }
        String deal = refused("V1 node-unreachable: server error", answer);
        assertThat(world.miner().message(deal)).isEqualTo("V1 node-unreachable: server error");
        assertThat(note(deal)).isNotEqualTo("V1 node-unreachable: server error").isNotEmpty();
        world.checkG(deal);
    }

    @Test
    @DisplayName("a proposal that is too long, too deep or cut short ends its stream, and no row is made of it")
    void hostileBytes() throws Exception {
        byte[] whole = proposalBytes();
        long before = world.miner().count("deal");
        byte[] deep = new byte[20_000];
        Arrays.fill(deep, (byte) 0x81);
        byte[] longText = new byte[100_000];
        longText[0] = 0x7a;
        longText[2] = 0x01;
        List<byte[]> hostile = new ArrayList<>(List.of(deep, longText, new byte[] {(byte) 0xa3}, new byte[] {0x1b, -1, -1, -1, -1, -1, -1, -1, -1}));
        for (int cut = 1; cut < whole.length; cut += 37) {
            hostile.add(Arrays.copyOf(whole, cut));
        }
        for (byte[] bytes : hostile) {
            try (Stream stream = stranger.stream(MarketProtocols.DEAL)) {
                stream.setDeadline(LIMIT);
                assertThat(answered(stream, bytes)).isEmpty();
            }
        }
        assertThat(world.miner().count("deal")).isEqualTo(before);
        taken(p -> p);
    }

    private static byte[] answered(Stream stream, byte[] bytes) {
        try {
            stream.out().write(bytes);
            stream.out().flush();
            stream.closeWrite();
            return stream.in().readAllBytes();
        } catch (IOException | RuntimeException e) {
            return new byte[0]; // reset, perhaps before all was written
        }
    }

    private static byte[] proposalBytes() {
        SignedProposal proposal = stranger.signed(stranger.terms());
        ProposalMessage message = ForeignClient.message(proposal, DataRef.GRAPHSYNC);
        CborWriter out = new CborWriter().map(3).text("Piece");
        message.piece().writeTo(out);
        proposal.writeTo(out.text("DealProposal"));
        return out.text("FastRetrieval").bool(false).toByteArray();
    }

    /** The miner with these wishes and no others; restarted if it is not that one yet. */
    private static void miner(Map<String, String> wishes) {
        Map<String, String> now = new HashMap<>(OPEN);
        now.putAll(wishes);
        if (!now.equals(wanted)) {
            world.miner().restart(now);
            wanted = now;
        }
    }

    /** A blocked piece, a time to seal of {@value #FEW} epochs and starts up to {@value #MANY} epochs later. */
    private static Map<String, String> timed() {
        long epoch = world.chain().reads().networkParams().blockDelay().toMillis();
        return Map.of("miner.accept.blocked-pieces", BLOCKED.toString(), "miner.accept.seal-time", FEW * epoch + "ms",
                "miner.accept.max-start-delay", MANY * epoch + "ms");
    }

    /** Waits until every deal that starts soon has failed for want of data: what is promised then stays so. */
    private static void settled() {
        Await.until("deals that start soon are over", LIMIT, () -> world.miner().count("deal WHERE state NOT IN (8, 9, 26) AND start_epoch < "
                + (world.chain().height() + 5 * MANY)) == 0);
    }

    /** What a deal could be promised if nothing were kept back, attoFIL. */
    private static BigInteger unpromised() {
        Chain chain = world.chain().reads();
        FilAddress worker = chain.accountKey(chain.minerInfo(world.minerAddress()).worker());
        BigInteger all = chain.marketBalance(world.minerAddress()).available().atto().add(chain.walletBalance(worker).atto());
        return all.subtract(new BigInteger(world.miner().value("SELECT coalesce(sum(amount), 0) FROM deal_tag WHERE kind = 'FUNDS'")))
                .subtract(new BigInteger(world.miner().value("SELECT coalesce(sum(amount_atto), 0) FROM fund_hold WHERE state <> 'RELEASED'")));
    }

    private interface AtHead {
        void run(long head);
    }

    /** Stops the chain's clock meanwhile: epochs stay what they are. */
    private static void still(AtHead work) {
        world.chain().interval(Duration.ZERO);
        try {
            world.chain().mine(1);
            work.run(world.chain().height());
        } finally {
            world.chain().interval(TICK);
        }
    }

    private static void withdraw(ForeignClient client, TokenAmount amount) {
        Chain chain = world.chain().reads();
        TokenAmount before = chain.marketBalance(client.address()).available();
        Message message = Message.of(client.address(), Methods.MARKET, TokenAmount.ZERO, Methods.MARKET_WITHDRAW_BALANCE,
                Bytes.wrap(new WithdrawBalanceParams(client.address(), amount).toCbor()));
        Message ready = chain.estimateGas(message).withNonce(chain.nextNonce(client.address()));
        chain.push(new SignedMessage(ready, client.key().sign(ready.signingBytes())));
        Await.until("the withdrawal", LIMIT, () -> chain.marketBalance(client.address()).available().isLessThan(before));
    }

    private static ProposalMessage message(ForeignClient client, UnaryOperator<DealProposal> change) {
        return ForeignClient.message(client.signed(change.apply(client.terms())), DataRef.GRAPHSYNC);
    }

    private static String refused(String message, UnaryOperator<DealProposal> change) {
        return refused(message, stranger.signed(change.apply(stranger.terms())));
    }

    private static String refused(String message, SignedProposal proposal) {
        return refused(message, stranger, new ProposalMessage(new DataRef(DataRef.GRAPHSYNC, Cid.rawSha256(proposal.proposalCid().toBytes()),
                null, UnpaddedPieceSize.ZERO, 0), proposal, false));
    }

    private static String refused(String reason, ForeignClient client, ProposalMessage message) {
        return refused(reason, client.propose(message));
    }

    /** The whole way of a refusal: its answer, its states, its message, and nothing left of it. */
    private static String refused(String reason, ProposalResponse answer) {
        String deal = answer.proposalCid().toString();
        assertThat(answer.message()).startsWith(reason);
        assertThat(answer.state()).isEqualTo(FAILING);
        world.await(world.miner(), deal, ERROR);
        List<DealState> path = world.miner().path(deal);
        assertThat(path).filteredOn(state -> state != ACCEPT_WAIT).containsExactly(VALIDATING, REJECTING, FAILING, ERROR);
        assertThat(path.contains(ACCEPT_WAIT)).isEqualTo(reason.matches("[FQ].*"));
        assertThat(world.miner().message(deal)).isEqualTo(answer.message());
        for (String table : List.of("deal_tag", "deal_terms", "acceptance", "fund_hold", "transfer_channel")) {
            assertThat(world.miner().count(table + " WHERE proposal_cid = '" + deal + "'")).as(table).isZero();
        }
        world.checkG(deal);
        return deal;
    }

    private static void taken(UnaryOperator<DealProposal> change) {
        taken(stranger, stranger.signed(change.apply(stranger.terms())));
    }

    private static void taken(SignedProposal proposal) {
        taken(stranger, proposal);
    }

    /** Accepted, although the deal may be over before the answer leaves: its time for the data ran out long ago. */
    private static void passed(String code, UnaryOperator<DealProposal> change) {
        ProposalResponse answer = stranger.propose(stranger.signed(change.apply(stranger.terms())));
        assertThat(answer.message()).doesNotStartWith(code);
        world.await(world.miner(), answer.proposalCid().toString(), WAITING_FOR_DATA);
    }

    /** Taken means that the deal was waiting for its data, wherever it may be by now. */
    private static void taken(ForeignClient client, SignedProposal proposal) {
        ProposalResponse answer = client.propose(proposal);
        assertThat(answer.message()).as("why it is not taken").isEmpty();
        world.await(world.miner(), answer.proposalCid().toString(), WAITING_FOR_DATA);
    }

    /** What the miner's own history says of the rejection. */
    private static String note(String deal) {
        return world.miner().value("SELECT note FROM deal_event WHERE proposal_cid = '" + deal + "' AND event LIKE '%DealRejected'");
    }

    private static DealProposal epochs(DealProposal p, long start, long end) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), p.label(), Epoch.of(start),
                Epoch.of(end), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }

    private static DealProposal piece(DealProposal p, Cid cid, long size) {
        return new DealProposal(cid, PaddedPieceSize.of(size), p.isVerified(), p.client(), p.provider(), p.label(), p.startEpoch(),
                p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }

    private static DealProposal labelled(DealProposal p, DealLabel label) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), label, p.startEpoch(),
                p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }

    private static DealProposal collateral(DealProposal p, BigInteger atto) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), p.label(), p.startEpoch(),
                p.endEpoch(), p.storagePricePerEpoch(), TokenAmount.ofAtto(atto), p.clientCollateral());
    }

    private static DealProposal price(DealProposal p, long atto) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), p.isVerified(), p.client(), p.provider(), p.label(), p.startEpoch(),
                p.endEpoch(), TokenAmount.ofAtto(atto), p.providerCollateral(), p.clientCollateral());
    }

    private static DealProposal verified(DealProposal p) {
        return new DealProposal(p.pieceCid(), p.pieceSize(), true, p.client(), p.provider(), p.label(), p.startEpoch(),
                p.endEpoch(), p.storagePricePerEpoch(), p.providerCollateral(), p.clientCollateral());
    }
}
