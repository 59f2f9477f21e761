package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Tokens for programs. */
@Command(name = "tokens", description = {"Bearer tokens for programs that call a role.",
        "Without --daemon or --miner: the miner's, or the daemon's where only that runs."},
        subcommands = {TokensVerb.All.class, TokensVerb.New.class, TokensVerb.Revoke.class},
        footer = {"", "Example: ./caravan tokens new --name grafana --rights read --expires 90d"})
final class TokensVerb extends Verb {

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what: list, new or revoke");
    }

    @Command(name = "list", description = "Show the tokens, without what is secret of them.", footer = {"", "Example: ./caravan tokens list"})
    static final class All extends OfOneRole {
        @Override
        public Integer call() {
            try (RunningRole running = running()) {
                JsonNode tokens = running.call("Caravan.Tokens");
                Table table = new Table("ID", "NAME", "RIGHTS", "MADE BY", "EXPIRES", "REVOKED");
                tokens.forEach(one -> table.row(one.path("id").asText(), one.path("name").asText(), one.path("rights").asText(),
                        one.path("madeBy").asText(), or(one.path("expires"), "never"), or(one.path("revoked"), "-")));
                return answer(tokens, table.toString());
            }
        }

        private static String or(JsonNode text, String otherwise) {
            return text.asText().isEmpty() ? otherwise : text.asText();
        }
    }

    @Command(name = "new", description = "Make a token; it is shown this once.",
            footer = {"", "Example: ./caravan tokens new --name grafana --rights read --expires 90d"})
    static final class New extends OfOneRole {
        private static final Pattern LASTS = Pattern.compile("(\\d{1,6})([smhd])");

        @Option(names = "--name", required = true, paramLabel = "NAME", description = "What it is for; audits name its bearer so.")
        private String name = "";

        @Option(names = "--rights", paramLabel = "LIST", split = ",", defaultValue = "read", description = "Of read, write, sign, admin; "
                + "none includes another (default: ${DEFAULT-VALUE}).")
        private List<String> rights = List.of();

        @Option(names = "--expires", paramLabel = "TIME", defaultValue = "never", description = "After how long, such as 12h or 90d, or "
                + "never (default: ${DEFAULT-VALUE}).")
        private String expires = "never";

        @Override
        public Integer call() {
            Long seconds = expires.equals("never") ? null : seconds();
            try (RunningRole running = running()) {
                JsonNode made = running.call("Caravan.TokenNew", name, rights, seconds);
                return answer(made, made.path("token").asText());
            }
        }

        private long seconds() {
            Matcher m = LASTS.matcher(expires);
            if (!m.matches()) {
                throw new CliException(CliException.FIX_INPUT, "--expires " + expires + " is no time such as 12h or 90d, nor never");
            }
            long number = Long.parseLong(m.group(1));
            return switch (m.group(2)) {
                case "s" -> number;
                case "m" -> Duration.ofMinutes(number).toSeconds();
                case "h" -> Duration.ofHours(number).toSeconds();
                default -> Duration.ofDays(number).toSeconds();
            };
        }
    }

    @Command(name = "revoke", description = "End tokens, at once.", footer = {"", "Example: ./caravan tokens revoke grafana"})
    static final class Revoke extends OfOneRole {
        @Parameters(paramLabel = "ID|NAME", description = "As tokens list shows it; a name ends all tokens of that name.")
        private String which = "";

        @Override
        public Integer call() {
            try (RunningRole running = running()) {
                JsonNode revoked = running.call("Caravan.TokenRevoke", which);
                return answer(object().put("revoked", revoked.asInt()), "revoked: " + revoked.asInt());
            }
        }
    }
}
