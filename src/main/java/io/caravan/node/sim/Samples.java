package io.caravan.node.sim;

import io.caravan.model.DealState;
import io.caravan.node.Machine;
import io.caravan.rpc.LocalCalls;
import io.caravan.rpc.RpcException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the daemon showed from time to time (deal-lifecycle §11.5, I3): after acceptance every state it shows was the
 * miner's at some earlier moment, and the order is the miner's.
 */
final class Samples {

    private static final Duration OFTEN = Duration.ofHours(4);
    private static final Duration SELDOM = Duration.ofDays(5);
    private static final int BUSY_DAYS = 20;
    private static final Set<DealState> BEFORE_ACCEPTANCE = Set.of(DealState.UNKNOWN, DealState.RESERVE_CLIENT_FUNDS,
            DealState.CLIENT_FUNDING, DealState.FUNDS_RESERVED, DealState.START_DATA_TRANSFER, DealState.TRANSFER_QUEUED);
    /** What both sides reach by themselves when a deal fails. */
    private static final Set<DealState> FAILURE = Set.of(DealState.FAILING, DealState.ERROR, DealState.REJECTING);

    private final Loop loop;
    private final Machine machine;
    private final Roles roles;
    private final Map<String, List<DealState>> shown = new TreeMap<>();
    private long begin;
    private int count;
    private boolean isOver;

    Samples(Loop loop, Machine machine, Roles roles) {
        this.loop = loop;
        this.machine = machine;
        this.roles = roles;
    }

    int count() {
        return count;
    }

    void begin(int days) {
        begin = loop.now();
        plan(days);
    }

    void end() {
        isOver = true;
    }

    private void plan(int days) {
        boolean isBusy = loop.now() - begin < Duration.ofDays(Math.min(days, BUSY_DAYS)).toNanos();
        loop.at(loop.now() + (isBusy ? OFTEN : SELDOM).toNanos(), () -> {
            if (!isOver) {
                if (roles.isUp("daemon")) {
                    loop.spawn(roles.life("daemon"), this::look);
                }
                plan(days);
            }
        });
    }

    /** Deals that rest or ended are not asked for. */
    private void look() {
        LocalCalls daemon = new LocalCalls(machine.methods("daemon"));
        for (String[] row : Rows.of(machine.database("daemon"), "SELECT proposal_cid FROM deal WHERE state NOT IN (7, 8, 9, 26)")) {
            ask(daemon, row[0]);
        }
    }

    private void ask(LocalCalls daemon, String proposal) {
        try {
            DealState state = DealState.ofCode(daemon.call("Filecoin.ClientGetDealInfo", Map.of("/", proposal)).path("State").asInt());
            List<DealState> states = shown.computeIfAbsent(proposal, key -> new ArrayList<>());
            if (states.isEmpty() || states.get(states.size() - 1) != state) {
                states.add(state);
            }
            count++;
        } catch (RpcException e) {
            // the role ends, or the chain is away: nothing was shown
        }
    }

    /** Sentences about deals of which the daemon showed what the miner never had, or in another order. */
    List<String> inventions(Map<String, Story> provider, Customers customers) {
        List<String> wrong = new ArrayList<>();
        shown.forEach((proposal, states) -> {
            List<DealState> accepted = states.stream().filter(state -> !BEFORE_ACCEPTANCE.contains(state))
                    .filter(state -> !FAILURE.contains(state)).toList();
            Story story = provider.getOrDefault(proposal, Story.NONE);
            if (!isSubsequence(accepted, story.states())) {
                wrong.add("deal " + customers.number(proposal) + " was shown as " + states + ", the miner had " + story.states());
            }
        });
        return wrong;
    }

    static boolean isSubsequence(List<DealState> part, List<DealState> whole) {
        int at = 0;
        for (DealState state : whole) {
            if (at < part.size() && part.get(at) == state) {
                at++;
            }
        }
        return at == part.size();
    }
}
