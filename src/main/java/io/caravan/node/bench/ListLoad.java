package io.caravan.node.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Role;
import io.caravan.node.cli.RunningRole;
import io.caravan.store.Sql;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The lists that people ask for, by JSON-RPC, each many times over: a page of a hundred deals by every filter there is. */
final class ListLoad {

    private static final int PAGE = 100;
    private static final int TIMES = 100;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningRole miner;
    private final Sql rows;

    /** @param rows the miner's, to find something to ask for */
    ListLoad(RunningRole miner, Sql rows) {
        this.miner = miner;
        this.rows = rows;
    }

    /** Prints a line a filter, with how many deals a page had. */
    void run(PrintStream out) {
        questions().forEach((name, filter) -> {
            double[] millis = new double[TIMES];
            int found = 0;
            for (int i = 0; i < TIMES; i++) {
                long start = System.nanoTime();
                found = miner.call("Caravan.Deals", filter).path("deals").size();
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
            out.printf(Locale.ROOT, "list, %-28s %s, pages of %d%n", name, new Latencies(millis).line(), found);
        });
    }

    private Map<String, ObjectNode> questions() {
        String deep = null;
        for (int i = 0; i < 10; i++) {
            deep = miner.call("Caravan.Deals", page().put("limit", 1000).put("after", deep)).path("next").asText(deep);
        }
        String piece = rows.one("bench/some-piece", Map.of("role", Role.PROVIDER.text(), "number", 4321),
                (row, number) -> row.getString("piece_cid")).orElseThrow();
        String party = "f01000321";
        Map<String, ObjectNode> questions = new LinkedHashMap<>();
        questions.put("newest", page());
        questions.put("after 10,000 others", page().put("after", deep));
        questions.put("of one state", states("Error"));
        questions.put("of three states", states("Error", "Slashed", "Active"));
        questions.put("of a state that none is in", states("Publishing"));
        questions.put("of one client", page().put("party", party));
        questions.put("of one client and one state", states("Slashed").put("party", party));
        questions.put("of one piece", page().put("piece", piece));
        return questions;
    }

    private static ObjectNode page() {
        return JSON.createObjectNode().put("limit", PAGE);
    }

    private static ObjectNode states(String... names) {
        ObjectNode page = page();
        for (String name : names) {
            page.withArray("states").add(name);
        }
        return page;
    }
}
