package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets a browser in. */
@Command(name = "login", description = {"Print a link that signs a browser in to the pages of a role, once, within five minutes.",
        "Without --daemon or --miner: the miner's, or the daemon's where only that runs."},
        footer = {"", "Example: ./caravan login", "         ./caravan login --daemon --as alice"})
final class LoginVerb extends OfOneRole {

    @Option(names = "--as", paramLabel = "NAME", defaultValue = "", description = "Whom the role will name where it writes down who did "
            + "something (default: your user name here).")
    private String as = "";

    @Override
    public Integer call() {
        try (RunningRole running = running()) {
            JsonNode link = running.call("Caravan.LoginLink", as.isEmpty() ? userName() : as);
            return answer(link, "%s%nThe link works once, within five minutes. Keep it to yourself.".formatted(link.path("url").asText()));
        }
    }

    /** As far as it can be written down. */
    static String userName() {
        String name = System.getProperty("user.name", "").replaceAll("[^A-Za-z0-9._@-]", "");
        return name.matches("[A-Za-z0-9].{0,63}") ? name : "operator";
    }
}
