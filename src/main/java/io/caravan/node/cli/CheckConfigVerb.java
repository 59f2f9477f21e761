package io.caravan.node.cli;

import io.caravan.node.ConfigCheck;
import io.caravan.node.config.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Reads all settings as the roles would, and says everything that is wrong with them. */
@Command(name = "check-config", description = "Say everything that is wrong with the settings, without starting anything: unknown keys, wrong values, "
        + "ports taken twice, folders, disk, keystore passphrase. Exit code 2 if anything is.",
        footer = {"", "Example: ./caravan check-config --role miner", "         ./caravan check-config --live --set chain.url=http://127.0.0.1:1234/rpc/v1 --json"})
final class CheckConfigVerb extends Verb {

    private static final List<String> ROLES = List.of("daemon", "miner", "devnet");

    @Option(names = "--role", paramLabel = "ROLE", description = "Which roles run here; may be repeated (default: daemon, miner and devnet).")
    private List<String> roles = List.of();

    @Option(names = "--live", description = "Try database and chain too.")
    private boolean live;

    @Option(names = "--routes", description = "Check the files of routes/ too, as a swap does; some seconds.")
    private boolean routes;

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Override one setting; may be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    @Override
    public Integer call() {
        if (!ROLES.containsAll(roles)) {
            throw new CliException(CliException.FIX_INPUT, "--role " + roles + " must be of " + ROLES);
        }
        List<String> problems = new ArrayList<>();
        Settings settings = RoleSettings.load(home().root(), overrides, wrong -> problems.add(wrong.getMessage()));
        ConfigCheck check = new ConfigCheck(home(), settings, roles.isEmpty() ? ROLES : roles);
        problems.addAll(check.problems(live));
        if (routes) {
            problems.addAll(check.routes());
        }
        var json = object();
        problems.forEach(json.putArray("problems")::add);
        answer(json, problems.isEmpty() ? "The settings can be used." : String.join("\n", problems)
                + "\n%d to put right; every key is explained in docs/configuration.md.".formatted(problems.size()));
        return problems.isEmpty() ? 0 : CliException.FIX_INPUT;
    }
}
