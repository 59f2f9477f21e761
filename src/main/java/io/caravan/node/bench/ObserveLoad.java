package io.caravan.node.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.model.Role;
import io.caravan.node.cli.RunningRole;
import io.caravan.rpc.ApiInfo;
import io.caravan.store.Backlog;
import io.caravan.store.DealCounts;
import io.caravan.store.MoveFeeds;
import io.caravan.store.Sql;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a monitor and an open dashboard ask a miner, each many times over, and what is read for a scrape beside it. */
final class ObserveLoad {

    private static final int TIMES = 40;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final RunningRole miner;
    private final Sql rows;
    private final ApiInfo api;
    private final HttpClient http = HttpClient.newHttpClient();

    /** @param folder the miner's, with its address and token */
    ObserveLoad(RunningRole miner, Sql rows, Path folder) {
        this.miner = miner;
        this.rows = rows;
        this.api = ApiInfo.read(folder, 1);
    }

    /** Prints a line a question. */
    void run(PrintStream out) {
        out.printf(Locale.ROOT, "a page of metrics has %,d lines%n", get("/observe/metrics").lines().count());
        for (String path : List.of("/observe/metrics", "/observe/health", "/observe/health/ready")) {
            measure(out, path, () -> get(path));
        }
        questions().forEach((name, ask) -> measure(out, name, ask));
        readings().forEach((name, read) -> measure(out, "beside a scrape: " + name, read));
    }

    private static void measure(PrintStream out, String name, Runnable ask) {
        double[] millis = new double[TIMES];
        for (int i = 0; i < TIMES; i++) {
            long start = System.nanoTime();
            ask.run();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        out.printf(Locale.ROOT, "%-48s %s%n", name, new Latencies(millis).line());
    }

    private String get(String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.endpoint().toString().replace("/rpc/v1", path)))
                .header("Authorization", "Bearer " + api.token()).build();
        try {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private Map<String, Runnable> questions() {
        JsonNode some = miner.call("Caravan.Deals", page().put("limit", 50)).path("deals").path(17);
        String cid = some.path("proposalCid").asText();
        String piece = rows.one("bench/some-piece", Map.of("role", Role.PROVIDER.text(), "number", 4321),
                (row, number) -> row.getString("piece_cid")).orElseThrow();
        Map<String, Runnable> all = new LinkedHashMap<>();
        ask(all, "Caravan.Overview");
        ask(all, "Caravan.Alerts");
        ask(all, "Caravan.Health");
        ask(all, "Caravan.Deals", page());
        ask(all, "Caravan.Deals", failed());
        ask(all, "Caravan.DealsStuck", 100);
        ask(all, "Caravan.DealSearch", piece.substring(0, 20), 20);
        ask(all, "Caravan.DealSearch", "baf", 20);
        ask(all, "Caravan.DealSearch", "4321", 20);
        ask(all, "Caravan.Deal", Map.of("/", cid));
        ask(all, "Caravan.Funds");
        ask(all, "Caravan.Pipeline");
        ask(all, "Caravan.SealingThroughput", 24 * 31);
        ask(all, "Caravan.SealingRoom");
        ask(all, "Caravan.Sectors", null, 500);
        ask(all, "Caravan.Transfers");
        ask(all, "Caravan.PublishQueue");
        ask(all, "Caravan.MoveFeeds");
        ask(all, "Caravan.RouteHistory", null, null, 50);
        return all;
    }

    private void ask(Map<String, Runnable> all, String method, Object... params) {
        String name = params.length == 0 ? method : method + " " + JSON.valueToTree(params);
        all.put(name.length() > 47 ? name.substring(0, 47) + "…" : name, () -> miner.call(method, params));
    }

    private static ObjectNode page() {
        return JSON.createObjectNode().put("limit", 100);
    }

    private static ObjectNode failed() {
        ObjectNode page = page();
        page.withArray("states").add("Error").add("Rejecting").add("Failing");
        return page;
    }

    private Map<String, Runnable> readings() {
        Clock clock = Clock.systemUTC();
        Backlog backlog = new Backlog(rows, clock);
        Map<String, Runnable> all = new LinkedHashMap<>();
        all.put("all states, counted anew", () -> new DealCounts(rows, Role.PROVIDER, clock).count());
        DealCounts counts = new DealCounts(rows, Role.PROVIDER, clock);
        all.put("states on their way", counts::count);
        all.put("troubled deals", () -> backlog.troubledDeals(Role.PROVIDER));
        all.put("parked deals", () -> backlog.parkedDeals(Role.PROVIDER));
        all.put("publish queue", backlog::unpublished);
        all.put("messages", backlog::messages);
        all.put("transfers", backlog::transfers);
        all.put("parked sectors", backlog::parkedSectors);
        all.put("receivers of moves", () -> new MoveFeeds(rows, clock, "bench").lags());
        return all;
    }
}
