package io.caravan.node.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.List;

/** One JSON object a line: each move of either side or of a sector, and the result as the last line. */
final class JsonView implements DemoView {

    private final ObjectMapper json = new ObjectMapper();
    private final PrintStream out;

    JsonView(PrintStream out) {
        this.out = out;
    }

    @Override
    public void note(String line) {
        // Only machine-readable lines here.
    }

    @Override
    public void started(String proposalCid, String name) {
        // The first move of the client says so.
    }

    @Override
    public void moved(Move move) {
        print(json.createObjectNode().put("at", move.at().toString()).put("role", move.role()).put("id", move.id())
                .put("from", move.from()).put("to", move.to()).put("event", move.event()));
    }

    @Override
    public void progress(String proposalCid, Progress progress) {
        // Progress is for people.
    }

    @Override
    public void sealing(List<Sealing> running) {
        // Progress is for people.
    }

    @Override
    public void tick() {
        // Nothing to redraw.
    }

    @Override
    public void finished(Result result) {
        ObjectNode line = json.createObjectNode().put("result", result.failure().isEmpty() ? "Active" : "Failed");
        var deals = line.putArray("deals");
        result.deals().forEach(deal -> deals.addObject().put("proposalCid", deal.proposalCid())
                .put("dealId", deal.dealId()).put("sector", deal.sector()));
        line.put("seconds", result.took().toMillis() / 1000.0);
        if (!result.failure().isEmpty()) {
            line.put("reason", result.failure());
        }
        print(line);
    }

    private void print(ObjectNode line) {
        out.println(line);
        out.flush();
    }
}
