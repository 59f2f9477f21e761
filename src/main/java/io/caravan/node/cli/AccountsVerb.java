package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** People who sign in by name and password. */
@Command(name = "accounts", description = {"People who sign in to a role's pages by name and password.",
        "Without --daemon or --miner: the miner's, or the daemon's where only that runs."},
        subcommands = {AccountsVerb.All.class, AccountsVerb.Add.class, AccountsVerb.Remove.class, AccountsVerb.Password.class},
        footer = {"", "Example: ./caravan accounts add alice --rights read,write",
            "The password is asked for, or read from the first line of standard input; it never stands on the command line."})
final class AccountsVerb extends Verb {

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what: list, add, remove or password");
    }

    /** A verb about one account. */
    abstract static class OfAccount extends OfOneRole {
        @Parameters(paramLabel = "NAME", description = "1 to 32 of a-z, 0-9, dot, dash and underscore.")
        protected String name = "";

        /** Asked for twice where a person types it. */
        protected String password() {
            Terminal terminal = Terminal.of(spec);
            String password = terminal.readSecret("Password for " + name + ": ");
            if (terminal.isAsking() && !password.equals(terminal.readSecret("The same again: "))) {
                throw new CliException(CliException.FIX_INPUT, "the two differ: nothing was done");
            }
            return password;
        }
    }

    @Command(name = "list", description = "Show the accounts.", footer = {"", "Example: ./caravan accounts list"})
    static final class All extends OfOneRole {
        @Override
        public Integer call() {
            try (RunningRole running = running()) {
                JsonNode accounts = running.call("Caravan.Accounts");
                Table table = new Table("NAME", "RIGHTS", "MADE BY", "PASSWORD SET");
                accounts.forEach(one -> table.row(one.path("name").asText(), one.path("rights").asText(), one.path("madeBy").asText(),
                        one.path("passwordSet").asText()));
                return answer(accounts, accounts.isEmpty() ? "there is no account: ./caravan accounts add NAME makes one" : table.toString());
            }
        }
    }

    @Command(name = "add", description = "Make an account.", footer = {"", "Example: ./caravan accounts add alice --rights read,write"})
    static final class Add extends OfAccount {
        @Option(names = "--rights", paramLabel = "LIST", split = ",", defaultValue = "read", description = "Of read, write, sign, admin; "
                + "none includes another (default: ${DEFAULT-VALUE}).")
        private List<String> rights = List.of();

        @Override
        public Integer call() {
            try (RunningRole running = running()) {
                JsonNode made = running.call("Caravan.AccountAdd", name, password(), rights);
                return answer(made, "%s signs in at %s".formatted(name, running.endpoint().resolve("/login")));
            }
        }
    }

    @Command(name = "remove", description = "Remove an account; whoever is signed in by it is signed out.",
            footer = {"", "Example: ./caravan accounts remove alice"})
    static final class Remove extends OfAccount {
        @Override
        public Integer call() {
            try (RunningRole running = running()) {
                return answer(running.call("Caravan.AccountRemove", name), name + " has no account any more");
            }
        }
    }

    @Command(name = "password", description = "Set another password; whoever is signed in by the account is signed out.",
            footer = {"", "Example: ./caravan accounts password alice"})
    static final class Password extends OfAccount {
        @Override
        public Integer call() {
            try (RunningRole running = running()) {
                return answer(running.call("Caravan.AccountPassword", name, password()), name + " has another password");
            }
        }
    }
}
