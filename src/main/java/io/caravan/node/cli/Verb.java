package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.node.NodeHome;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all verbs share: the home folder, {@code --json}, and where output goes. */
abstract class Verb implements Callable<Integer> {

    protected static final ObjectMapper JSON = new ObjectMapper();

    @Spec
    protected CommandSpec spec;

    @Option(names = "--home", paramLabel = "DIR", defaultValue = "",
            description = "Home folder (default: $CARAVAN_HOME, else ~/.caravan).")
    private String homeOption = "";

    @Option(names = "--json", description = "Print JSON instead of text.")
    protected boolean json;

    protected NodeHome home() {
        return NodeHome.of(homeOption, System.getenv());
    }

    protected RunningRole daemon() {
        return RunningRole.of(home(), "daemon");
    }

    protected RunningRole miner() {
        return RunningRole.of(home(), "miner");
    }

    protected PrintStream out() {
        return Terminal.of(spec).out();
    }

    /** Prints the value with {@code --json}, else the text. */
    protected int answer(JsonNode value, String text) {
        out().println(Terminal.plain(json ? value.toString() : text.stripTrailing()));
        out().flush();
        return 0;
    }

    protected static Map<String, String> cid(String text) {
        return Map.of("/", text);
    }

    protected static String cid(JsonNode node) {
        return node.path("/").asText("");
    }

    protected static ObjectNode object() {
        return JSON.createObjectNode();
    }
}
