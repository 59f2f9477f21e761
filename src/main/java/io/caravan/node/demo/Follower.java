package io.caravan.node.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.cli.RunningRole;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads both roles' event logs and transfer progress, shows them, and says when all deals are Active on both sides and
 * their sectors in Proving.
 */
final class Follower {

    private static final String ACTIVE = "StorageDealActive";
    private static final String PROVING = "Proving";
    private static final String TRANSFERRING = "StorageDealTransferring";
    private static final Set<String> LOST = Set.of("StorageDealError", "StorageDealExpired", "StorageDealSlashed");
    private static final Duration LOOK = Duration.ofMillis(150);
    private static final int PAGE = 500;

    /** How far one role's log was read. Late commits may fill in lower numbers, so each look begins a little earlier. */
    private static final class Log {
        private static final int OVERLAP = 100;
        private final Set<Long> seen = new HashSet<>();
        private long highest;

        long from() {
            return Math.max(0, highest - OVERLAP);
        }

        boolean isNew(Move move) {
            highest = Math.max(highest, move.number());
            return seen.add(move.number());
        }
    }

    private final RunningRole daemon;
    private final RunningRole miner;
    private final DemoView view;
    private final Clock clock;
    private final Map<String, Long> sizes;
    private final CountDownLatch never = new CountDownLatch(1);
    private final Log fromDaemon = new Log();
    private final Log fromMiner = new Log();
    private final Map<String, String> client = new HashMap<>();
    private final Map<String, String> provider = new HashMap<>();
    private final Map<String, String> sectors = new HashMap<>();
    /** A transfer ended between two looks: its bar still has to be filled. */
    private boolean moved;

    /** @param sizes bytes to move, by proposal CID */
    Follower(RunningRole daemon, RunningRole miner, DemoView view, Clock clock, Map<String, Long> sizes) {
        this.sizes = sizes;
        this.daemon = daemon;
        this.miner = miner;
        this.view = view;
        this.clock = clock;
    }

    /** Shows what has happened since the last look. */
    void look(List<String> proposals) {
        moves(daemon, fromDaemon);
        moves(miner, fromMiner);
        if (moved || proposals.stream().anyMatch(p -> TRANSFERRING.equals(provider.get(p)))) {
            progress();
            moved = false;
        }
        if (!sectors.isEmpty()) {
            view.sealing(Sealing.of(miner.call("Caravan.SealingProgress")));
        }
        view.tick();
    }

    /**
     * Looks until every proposal is Active on both sides and every sector in Proving (its files are finalized after the
     * chain has made its deals Active), one is lost, or the deadline is there.
     */
    DemoView.Result followToActive(List<String> proposals, Instant start, Instant deadline) throws InterruptedException {
        while (true) {
            look(proposals);
            Set<String> open = new HashSet<>(proposals);
            open.removeIf(p -> ACTIVE.equals(client.get(p)) && ACTIVE.equals(provider.get(p)));
            boolean lost = open.stream().anyMatch(p -> LOST.contains(client.getOrDefault(p, ""))
                    || LOST.contains(provider.getOrDefault(p, "")));
            boolean done = open.isEmpty() && sectors.values().stream().allMatch(PROVING::equals);
            if (done || lost || clock.instant().isAfter(deadline)) {
                String failure = open.isEmpty() ? "" : why(open.iterator().next(), open.size());
                return new DemoView.Result(done(proposals, open), Duration.between(start, clock.instant()), failure);
            }
            // Nobody counts this latch down: it is the pause between two looks.
            never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void moves(RunningRole role, Log log) {
        JsonNode rows;
        do {
            rows = role.call("Caravan.Events", log.from(), PAGE);
            for (JsonNode row : rows) {
                Move move = Move.of(row);
                if (log.isNew(move)) {
                    states(move.role()).put(move.id(), move.to());
                    moved |= move.role().equals("provider") && move.from().equals(TRANSFERRING);
                    view.moved(move);
                }
            }
        } while (rows.size() == PAGE);
    }

    private Map<String, String> states(String role) {
        return switch (role) {
            case "client" -> client;
            case "provider" -> provider;
            default -> sectors;
        };
    }

    private void progress() {
        for (JsonNode transfer : miner.call("Caravan.Transfers")) {
            String proposal = transfer.path("proposalCid").asText();
            long total = sizes.getOrDefault(proposal, 0L);
            view.progress(proposal, new Progress(Math.min(transfer.path("received").asLong(), total), total));
        }
    }

    private List<DemoView.Done> done(List<String> proposals, Set<String> open) {
        List<DemoView.Done> done = new ArrayList<>();
        for (String proposal : proposals) {
            if (!open.contains(proposal)) {
                JsonNode deal = miner.call("Caravan.Deal", Map.of("/", proposal));
                String price = new BigInteger(deal.path("pricePerEpochAtto").asText("0"))
                        .multiply(BigInteger.valueOf(deal.path("duration").asLong())).toString();
                done.add(new DemoView.Done(proposal, deal.path("dealId").asLong(), deal.path("sector").asLong(), price));
            }
        }
        return done;
    }

    private String why(String proposal, int count) {
        JsonNode here = daemon.call("Caravan.Deal", Map.of("/", proposal));
        String there = provider.containsKey(proposal) ? "; the miner is in " + side(miner.call("Caravan.Deal", Map.of("/", proposal))) : "";
        return "%sdeal %s: the daemon is in %s%s".formatted(count > 1 ? count + " deals are not Active, one of them " : "",
                proposal, side(here), there);
    }

    private static String side(JsonNode deal) {
        StringBuilder text = new StringBuilder(deal.path("stateName").asText());
        for (String field : List.of("waitsFor", "message", "lastError")) {
            if (!deal.path(field).asText("").isEmpty()) {
                text.append(field.equals("waitsFor") ? ", waiting for " : ", ").append(deal.path(field).asText());
            }
        }
        return text.toString();
    }
}
