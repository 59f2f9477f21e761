package io.caravan.node.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.market.ProposalMessage;
import io.caravan.model.Deal;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.Role;
import io.caravan.model.TokenAmount;
import io.caravan.node.NodeHome;
import io.caravan.node.ThrowawayHome;
import io.caravan.node.cli.RunningRole;
import java.io.PrintStream;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * {@code bench deals}: a miner with years behind it. Its table is filled with finished deals, then it is asked for what an
 * operator and a busy market ask for: lists, proposals at a steady rate, and a restart with many deals alive. Real parts
 * only: PostgreSQL with fsync, signatures, libp2p, the routes as they are shipped.
 */
public final class DealsBench {

    static final List<DealState> ENDED = List.of(DealState.EXPIRED, DealState.EXPIRED, DealState.EXPIRED,
            DealState.ERROR, DealState.SLASHED);
    /** What is alive on a node with a steady flow: half of it active, none that wait to be published, for copies cannot be. */
    static final List<DealState> LIVE = List.of(DealState.WAITING_FOR_DATA, DealState.ACTIVE, DealState.AWAITING_PRE_COMMIT,
            DealState.ACTIVE, DealState.SEALING, DealState.ACTIVE, DealState.TRANSFERRING, DealState.ACTIVE, DealState.AWAITING_PRE_COMMIT,
            DealState.ACTIVE);
    private static final int SECONDS = 20;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Clock clock = Clock.systemUTC();
    private final long finished;
    private final long live;
    private final int aSecond;

    /**
     * @param finished how many ended deals lie in the table
     * @param live how many live ones a restart finds
     * @param aSecond proposals a second
     */
    public DealsBench(long finished, long live, int aSecond) {
        this.finished = finished;
        this.live = live;
        this.aSecond = aSecond;
    }

    /** Runs for a few minutes, most of them spent filling the table, and prints one line a measurement. */
    public void measure(PrintStream out) throws InterruptedException {
        try (ThrowawayHome throwaway = ThrowawayHome.make("bench")) {
            measure(throwaway.home(), out);
        }
    }

    private void measure(NodeHome home, PrintStream out) throws InterruptedException {
        out.printf(Locale.ROOT, "a miner's deals, Java %s, %d processors, PostgreSQL with fsync%n", System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        Deal original;
        try (BenchNode node = new BenchNode(home); ProposalLoad load = load(node)) {
            proposals(node, load, "proposals, empty table", out);
            original = ended(load.proposal(), clock.instant());
        }
        Instant begun = clock.instant();
        try (ManyDeals rows = new ManyDeals(home, original, 1, clock)) {
            rows.fill(finished, ENDED, clock.instant());
        }
        out.printf(Locale.ROOT, "filled with %,d ended deals in %d s%n", finished, since(begun).toSeconds());
        begun = clock.instant();
        try (BenchNode node = new BenchNode(home); ProposalLoad load = load(node)) {
            out.printf(Locale.ROOT, "start beside them          %7.1f s%n", since(begun).toMillis() / 1e3);
            proposals(node, load, "proposals, " + aSecond + " a second", out);
            new ListLoad(node.miner(), node.rows()).run(out);
        }
        restart(home, original, out);
    }

    private void proposals(BenchNode node, ProposalLoad load, String name, PrintStream out) throws InterruptedException {
        load.run(aSecond, 5); // the JIT's share
        Instant start = clock.instant();
        ProposalLoad.Outcome outcome = load.run(aSecond, SECONDS);
        String refused = outcome.refused().isEmpty() ? ""
                : ", " + outcome.refused().size() + " not accepted, the first: " + outcome.refused().get(0);
        out.printf(Locale.ROOT, "%-26s %s%s%n", name, outcome.accepted().line(), refused);
        out.printf(Locale.ROOT, "  of each second: the program %.2f s of a processor, %.2f of them the clients' calls%n",
                outcome.cpu() / SECONDS, outcome.clientCpu() / SECONDS);
        stages(node, start, out);
    }

    /** How long the deals proposed since then were in each state before they were accepted. */
    private static void stages(BenchNode node, Instant since, PrintStream out) {
        String line = node.rows().list("bench/stages", Map.of("since", since), (row, number) -> String.format(Locale.ROOT,
                "%s p50 %.1f ms, p99 %.1f ms", row.getString("stage"), row.getDouble("median"), row.getDouble("nearly_all"))).stream()
                .collect(Collectors.joining("; "));
        out.printf("  in the table: %s%n", line);
    }

    private void restart(NodeHome home, Deal original, PrintStream out) throws InterruptedException {
        Instant newest = clock.instant();
        try (ManyDeals rows = new ManyDeals(home, original, finished + 1, clock)) {
            rows.add(live, LIVE, newest);
            Instant start = clock.instant();
            long alive = rows.unseen(newest, start);
            try (BenchNode node = new BenchNode(home)) {
                out.printf(Locale.ROOT, "restart, %,d alive       answers after %.1f s", alive, since(start).toMillis() / 1e3);
                out.printf(Locale.ROOT, ", every one looked at after %.1f s%n", looked(rows, newest, start).toMillis() / 1e3);
            }
        }
    }

    /** How long until the routes have looked at every live deal once. */
    private Duration looked(ManyDeals rows, Instant newest, Instant start) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (rows.unseen(newest, start) > 0 && since(start).compareTo(PATIENCE) < 0) {
            never.await(200, TimeUnit.MILLISECONDS);
        }
        return since(start);
    }

    /** Clients that propose to the node's miner. */
    static ProposalLoad load(BenchNode node) {
        RunningRole miner = node.miner();
        RunningRole chain = node.chain();
        FilAddress actor = FilAddress.parse(miner.call("ActorAddress").asText());
        JsonNode info = chain.call("StateMinerInfo", actor.toString(), null);
        FilAddress worker = FilAddress.parse(chain.call("StateAccountKey", info.path("Worker").asText(), null).asText());
        JsonNode listening = miner.call("NetAddrsListen");
        List<Multiaddr> addresses = new ArrayList<>();
        listening.path("Addrs").forEach(address -> addresses.add(Multiaddr.parse(address.asText())));
        BigInteger least = new BigInteger(chain.call("StateDealProviderCollateralBounds", 2048, false, null).path("Min").asText());
        Epoch head = Epoch.of(chain.call("ChainHead").path("Height").asLong());
        return new ProposalLoad(PeerId.parse(listening.path("ID").asText()), addresses, actor, worker,
                TokenAmount.ofAtto(least).timesRatio(12, 10), head);
    }

    /** A deal as the message proposes it, that has come to nothing. */
    static Deal ended(ProposalMessage message, Instant at) {
        Deal fresh = Deal.fresh(message.proposalCid(), Role.PROVIDER, message.proposal(), message.piece(), false, PeerId.of(PrivKey.generate(new SecureRandom()).publicKey()).toString(),
                at);
        return new Deal(fresh.proposalCid(), fresh.role(), DealState.ERROR, 0, 0, fresh.proposal(), fresh.dataRef(), false, fresh.peer(),
                fresh.transfer(), fresh.files(), fresh.funds(), fresh.chain(), fresh.remote(), "V14 price-below-ask: 118 < 119",
                fresh.turn(), fresh.waiting(), fresh.createdAt(), fresh.enteredAt(), fresh.updatedAt());
    }

    private Duration since(Instant start) {
        return Duration.between(start, clock.instant());
    }
}
