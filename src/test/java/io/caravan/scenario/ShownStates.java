package io.caravan.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.model.DealState;
import io.caravan.node.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** Writes down what a daemon shows for its deals, as a caller would see it who asks all the time. */
final class ShownStates implements AutoCloseable {

    private static final long LOOK_NANOS = 20_000_000;

    private final Side daemon;
    private final Map<String, List<DealState>> states = new ConcurrentHashMap<>();
    private final Thread looker = new Thread(this::look, "world-shown-states");
    private volatile boolean isClosed;

    ShownStates(Side daemon) {
        this.daemon = daemon;
        looker.setDaemon(true);
        looker.start();
    }

    List<DealState> of(String proposal) {
        return new ArrayList<>(states.getOrDefault(proposal, List.of()));
    }

    private void look() {
        while (!isClosed) {
            try {
                for (JsonNode deal : daemon.call("ClientListDeals")) {
                    note(deal.path("ProposalCid").path("/").asText(), DealState.ofCode(deal.path("State").asLong()));
                }
            } catch (CliException e) {
                // It is down; what it showed before stays.
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private void note(String proposal, DealState state) {
        List<DealState> seen = states.computeIfAbsent(proposal, key -> new CopyOnWriteArrayList<>());
        if (seen.isEmpty() || seen.get(seen.size() - 1) != state) {
            seen.add(state);
        }
    }

    @Override
    public void close() {
        isClosed = true;
    }
}
