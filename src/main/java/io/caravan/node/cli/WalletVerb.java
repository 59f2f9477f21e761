package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The daemon's keys and what they hold. */
@Command(name = "wallet", description = "The daemon's wallet.",
        subcommands = {WalletVerb.ListKeys.class, WalletVerb.NewKey.class, WalletVerb.Balance.class})
final class WalletVerb extends Verb {

    @Override
    public Integer call() {
        throw new ParameterException(spec.commandLine(), "say what to do with the wallet: list, new or balance");
    }

    @Command(name = "list", description = "List the addresses whose keys the daemon holds, with balances.")
    static final class ListKeys extends Verb {
        @Override
        public Integer call() {
            try (RunningRole daemon = daemon()) {
                JsonNode addresses = daemon.call("WalletList");
                String preferred = addresses.isEmpty() ? "" : daemon.call("WalletDefaultAddress").asText();
                ArrayNode all = JSON.createArrayNode();
                Table table = new Table("ADDRESS", "BALANCE", "");
                for (JsonNode address : addresses) {
                    String balance = daemon.call("WalletBalance", address.asText()).asText();
                    boolean isDefault = address.asText().equals(preferred);
                    all.addObject().put("address", address.asText()).put("balanceAtto", balance).put("default", isDefault);
                    table.row(address.asText(), Show.fil(balance), isDefault ? "default" : "");
                }
                return answer(all, all.isEmpty() ? "no keys yet: make one with ./caravan wallet new" : table.toString());
            }
        }
    }

    @Command(name = "new", description = "Make a key.")
    static final class NewKey extends Verb {
        @Option(names = "--type", paramLabel = "TYPE", defaultValue = "secp256k1", description = "secp256k1 or bls (default: ${DEFAULT-VALUE}).")
        private String type = "secp256k1";

        @Override
        public Integer call() {
            try (RunningRole daemon = daemon()) {
                String address = daemon.call("WalletNew", type).asText();
                return answer(object().put("address", address), address);
            }
        }
    }

    @Command(name = "balance", description = "Show what an address holds.")
    static final class Balance extends Verb {
        @Parameters(arity = "0..1", paramLabel = "ADDRESS", defaultValue = "", description = "Default: the default address.")
        private String address = "";

        @Override
        public Integer call() {
            try (RunningRole daemon = daemon()) {
                String whose = address.isEmpty() ? daemon.call("WalletDefaultAddress").asText() : address;
                String wallet = daemon.call("WalletBalance", whose).asText();
                JsonNode market = daemon.call("StateMarketBalance", whose, null);
                var value = object().put("address", whose).put("balanceAtto", wallet)
                        .put("escrowAtto", market.path("Escrow").asText("0")).put("lockedAtto", market.path("Locked").asText("0"));
                return answer(value, """
                        address %s
                        wallet  %s
                        escrow  %s, of it locked in deals %s
                        """.formatted(whose, Show.fil(wallet), Show.fil(value.get("escrowAtto").asText()),
                        Show.fil(value.get("lockedAtto").asText())));
            }
        }
    }
}
