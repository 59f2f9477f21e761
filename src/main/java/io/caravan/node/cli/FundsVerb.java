package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.codec.CodecException;
import io.caravan.model.TokenAmount;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Accounts for the money that a role has in the market, and moves it. */
@Command(name = "funds", description = "Show what is in the market's escrow, for what, and move it.",
        footer = {"", "Example: ./caravan funds add '0.5 FIL' --role miner"},
        subcommands = {FundsVerb.Add.class, FundsVerb.Withdraw.class})
final class FundsVerb extends Verb {

    private static final int MOST_LINES = 40;

    @Option(names = "--role", paramLabel = "ROLE", defaultValue = "daemon", description = "daemon or miner (default: ${DEFAULT-VALUE}).")
    private String role = "daemon";

    @Override
    public Integer call() {
        try (RunningRole running = running(this, role)) {
            JsonNode funds = running.call("Caravan.Funds");
            return answer(funds, text(funds, role));
        }
    }

    private static RunningRole running(Verb verb, String name) {
        return switch (name) {
            case "daemon" -> verb.daemon();
            case "miner" -> verb.miner();
            default -> throw new CliException(CliException.FIX_INPUT, "--role is daemon or miner, not " + name);
        };
    }

    private static String text(JsonNode funds, String role) {
        StringBuilder out = new StringBuilder();
        if (funds.path("accounts").isEmpty()) {
            out.append("no funds yet: ").append("make a wallet with ./caravan wallet new\n");
        }
        funds.path("accounts").forEach(account -> account(out, account));
        JsonNode ceiling = funds.path("ceiling");
        boolean isLimited = !ceiling.path("atto").asText().equals("0");
        out.append("top-ups of the last 24 h: ").append(Show.fil(ceiling.path("movedAtto").asText()))
                .append(isLimited ? " of at most " + Show.fil(ceiling.path("atto").asText()) : ", no limit")
                .append(" (").append(ceiling.path("setting").asText()).append(")\n");
        long waiting = funds.path("settlements").path("waiting").asLong();
        if (waiting > 0) {
            out.append(waiting).append(" expired deals wait to be settled")
                    .append(funds.path("settlements").path("error").isNull() ? "" : ": " + funds.path("settlements").path("error").asText())
                    .append('\n');
        }
        if (funds.path("violations").asLong() > 0) {
            out.append("the figures did not add up ").append(funds.path("violations").asLong())
                    .append(" times since the ").append(role).append(" started: see its log\n");
        }
        return out.toString();
    }

    private static void account(StringBuilder out, JsonNode account) {
        out.append("escrow of ").append(account.path("address").asText()).append(" at epoch ").append(account.path("epoch").asLong()).append('\n');
        Table sums = new Table("", "");
        for (JsonNode wallet : account.path("wallets")) {
            sums.row("  wallet " + wallet.path("address").asText(), Show.fil(wallet.path("balanceAtto").asText())
                    + (wallet.path("hasKey").asBoolean() ? "" : "  (not ours: no key)"));
        }
        sums.row("  escrow", fil(account, "escrowAtto"));
        sums.row("  − locked by the chain for published deals", fil(account, "lockedAtto"));
        if (!account.path("onItsWayAtto").asText().equals("0")) {
            sums.row("  + on its way", fil(account, "onItsWayAtto"));
        }
        sums.row("  = reserved for deals to be published", fil(account, "reservedAtto"));
        sums.row("  + free", fil(account, "freeAtto"));
        out.append(sums.toString().stripLeading().indent(2).stripTrailing()).append('\n');
        if (!account.path("wrong").isNull()) {
            out.append("  THIS DOES NOT ADD UP: ").append(account.path("wrong").asText()).append('\n');
        }
        JsonNode message = account.path("message");
        if (!message.isNull()) {
            out.append("  in flight: ").append(message.path("note").asText()).append(", ").append(message.path("status").asText().toLowerCase(Locale.ROOT))
                    .append(", ").append(message.path("cid").asText("not signed yet"))
                    .append(message.path("error").isNull() ? "" : ", " + message.path("error").asText()).append('\n');
        }
        for (JsonNode request : account.path("requests")) {
            out.append("  asked for: ").append(request.path("kind").asText().toLowerCase(Locale.ROOT)).append(' ')
                    .append(Show.fil(request.path("amountAtto").asText())).append(", ")
                    .append(request.path("state").asText().toLowerCase(Locale.ROOT)).append('\n');
        }
        holds(out, account);
        out.append('\n');
    }

    private static void holds(StringBuilder out, JsonNode account) {
        JsonNode holds = account.path("holds");
        if (holds.isEmpty()) {
            return;
        }
        Table table = new Table("AMOUNT", "FOR", "HOLD", "DEAL", "STATE", "SINCE", "WAITS FOR");
        int shown = 0;
        for (JsonNode hold : holds) {
            if (shown++ == MOST_LINES) {
                break;
            }
            String state = hold.path("lockedOnChain").asBoolean() ? "locked" : hold.path("state").asText().toLowerCase(Locale.ROOT);
            boolean isDeal = !hold.path("purpose").asText().equals("CALLER");
            table.row(Show.fil(hold.path("amountAtto").asText()), hold.path("purpose").asText().toLowerCase(Locale.ROOT).replace('_', ' '),
                    state, isDeal ? Show.shorten(hold.path("proposalCid").asText(), 20) : "–", Show.state(hold.path("dealState").asText("–")),
                    Instant.parse(hold.path("since").asText()).truncatedTo(ChronoUnit.SECONDS),
                    Show.cut(hold.path("waitsFor").asText(""), 60));
        }
        out.append(table.toString().indent(2).stripTrailing()).append('\n');
        long more = holds.size() - Math.min(MOST_LINES, holds.size()) + account.path("holdsLeftOut").asLong();
        if (more > 0) {
            out.append("  and ").append(more).append(" more: --json has them\n");
        }
    }

    private static String fil(JsonNode account, String field) {
        return Show.fil(account.path(field).asText());
    }

    /** What moving money in either direction shares. */
    abstract static class Move extends Verb {

        @Option(names = "--role", paramLabel = "ROLE", defaultValue = "daemon", description = "daemon or miner (default: ${DEFAULT-VALUE}).")
        private String role = "daemon";

        @Option(names = "--address", paramLabel = "ADDRESS", defaultValue = "", description = "Whose escrow (default: the default wallet, or the miner).")
        private String address = "";

        @Option(names = "--wallet", paramLabel = "ADDRESS", defaultValue = "", description = "Which wallet pays or signs (default: the escrow's own).")
        private String wallet = "";

        @Option(names = "--yes", description = "Do not ask.")
        private boolean isSure;

        @Parameters(paramLabel = "AMOUNT", description = "Such as '0.5 FIL'.")
        private String amount = "";

        abstract String method();

        abstract String question(String fil, String escrow, String purse);

        @Override
        public Integer call() {
            TokenAmount moved = parsed();
            try (RunningRole running = running(this, role)) {
                JsonNode account = running.call("Caravan.Funds").path("accounts").path(0);
                String escrow = address.isEmpty() ? account.path("address").asText() : address;
                String purse = wallet.isEmpty() ? account.path("wallets").path(0).path("address").asText() : wallet;
                if (escrow.isEmpty() || purse.isEmpty()) {
                    throw new CliException(CliException.FIX_INPUT, "say whose escrow by --address and which wallet by --wallet");
                }
                confirm(question(moved.toString(), escrow, purse));
                String message = cid(running.call(method(), purse, escrow, moved.toAttoString()));
                return answer(object().put("message", message), "sent as message " + message);
            }
        }

        private TokenAmount parsed() {
            try {
                TokenAmount parsed = TokenAmount.parse(amount);
                if (parsed.isMoreThan(TokenAmount.ZERO)) {
                    return parsed;
                }
            } catch (CodecException e) {
                throw new CliException(CliException.FIX_INPUT, e.getMessage());
            }
            throw new CliException(CliException.FIX_INPUT, "an amount of money is more than 0, such as '0.5 FIL'");
        }

        private void confirm(String question) {
            if (isSure) {
                return;
            }
            Terminal.of(spec).err().print(question + " [y/N] ");
            Terminal.of(spec).err().flush();
            if (System.console() == null) {
                throw new CliException(CliException.FIX_INPUT, "nobody can be asked here: give --yes");
            }
            String said;
            try {
                said = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            } catch (IOException e) {
                said = null;
            }
            if (said == null || !said.strip().toLowerCase(Locale.ROOT).matches("y|yes")) {
                throw new CliException(CliException.FIX_INPUT, "nothing was moved");
            }
        }
    }

    @Command(name = "add", description = "Move money from a wallet into the market's escrow; not subject to the ceiling.",
            footer = {"", "Example: ./caravan funds add '0.5 FIL' --role miner --yes"})
    static final class Add extends Move {
        @Override
        String method() {
            return "MarketAddBalance";
        }

        @Override
        String question(String fil, String escrow, String purse) {
            return "Move " + fil + " from wallet " + purse + " into the market's escrow of " + escrow + "?";
        }
    }

    @Command(name = "withdraw", description = "Take out of the market's escrow what is neither locked nor reserved.",
            footer = {"", "Example: ./caravan funds withdraw '0.5 FIL' --yes"})
    static final class Withdraw extends Move {
        @Override
        String method() {
            return "MarketWithdraw";
        }

        @Override
        String question(String fil, String escrow, String purse) {
            return "Withdraw " + fil + " from the market's escrow of " + escrow + ", signed by wallet " + purse + "?";
        }
    }
}
