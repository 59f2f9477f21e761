package io.caravan.node.cli;

import io.caravan.model.PhaseException;
import io.caravan.node.StartException;
import io.caravan.node.config.ConfigException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root command. Exit codes: 0 done, 1 try again, 2 fix what you gave. */
@Command(name = "caravan", synopsisSubcommandLabel = "COMMAND",
        description = "Caravan, a Filecoin storage-deal node.%n",
        footer = {"", "Start with: ./caravan demo"})
public final class Cli implements Runnable {

    /** Every verb. Only the one that is asked for is looked at, unless the line asks for all or for none that there is. */
    private static final List<Class<?>> VERBS = List.of(DemoVerb.class, UpVerb.class, DaemonVerb.class, MinerVerb.class, DevnetVerb.class, ImportVerb.class, GenCarVerb.class, ImportDataVerb.class,
            AskVerb.class, DealVerb.class, DealsVerb.class, ShowVerb.class, TransfersVerb.class, SectorsVerb.class, SetAskVerb.class,
            PublishVerb.class, WalletVerb.class, FundsVerb.class, RoutesVerb.class, DoctorVerb.class, HealthVerb.class, LogsVerb.class, NetVerb.class, LoginVerb.class, AccountsVerb.class, TokensVerb.class, BackupVerb.class, RestoreVerb.class, KeystoreVerb.class, CheckConfigVerb.class, BenchVerb.class, SimulateVerb.class, VersionVerb.class, HelpCommand.class);

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    private Cli(Terminal terminal) {
        this.terminal = terminal;
    }

    Terminal terminal() {
        return terminal;
    }

    /** Runs one command line and returns the exit code. */
    public static int run(Terminal terminal, String... args) {
        CommandLine line = new CommandLine(new Cli(terminal));
        List<Class<?>> named = Stream.concat(VERBS.stream(), Stream.of(LearnVerb.class)).filter(verb -> args.length > 0 && name(verb).equals(args[0]) && verb != HelpCommand.class).toList();
        (named.isEmpty() ? VERBS : named).forEach(line::addSubcommand);
        line.setUsageHelpAutoWidth(true);
        line.setOut(new PrintWriter(terminal.out(), true));
        line.setErr(new PrintWriter(terminal.err(), true));
        addHelpOption(line);
        line.setParameterExceptionHandler((e, given) -> misused(terminal, e));
        line.setExecutionExceptionHandler((e, command, result) -> failed(terminal, e));
        return line.execute(args);
    }

    private static String name(Class<?> verb) {
        return verb.getAnnotation(Command.class).name();
    }

    /** No command: say what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(terminal.out());
        terminal.out().flush();
    }

    private static void addHelpOption(CommandLine line) {
        List<CommandLine> all = new ArrayList<>(line.getSubcommands().values());
        all.add(line);
        for (CommandLine command : all) {
            if (!command.getCommandName().equals("help")) {
                command.getCommandSpec().mixinStandardHelpOptions(true);
                if (command != line) {
                    command.getSubcommands().values().forEach(sub -> sub.getCommandSpec().mixinStandardHelpOptions(true));
                }
            }
        }
    }

    private static int misused(Terminal terminal, ParameterException e) {
        CommandLine command = e.getCommandLine();
        terminal.err().println("caravan: " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, terminal.err());
        terminal.err().println("See: ./" + command.getCommandSpec().qualifiedName() + " --help");
        return CliException.FIX_INPUT;
    }

    private static int failed(Terminal terminal, Exception e) {
        terminal.out().flush();
        if (e instanceof CliException sentence) {
            terminal.err().println("caravan: " + Terminal.plain(String.valueOf(sentence.getMessage())));
            return sentence.exitCode();
        }
        if (e instanceof ConfigException sentence) {
            terminal.err().println("caravan: " + Terminal.plain(String.valueOf(sentence.getMessage())));
            return CliException.FIX_INPUT;
        }
        if (e instanceof StartException || e instanceof PhaseException) {
            terminal.err().println("caravan: " + Terminal.plain(String.valueOf(e.getMessage())));
            return CliException.TRY_AGAIN;
        }
        terminal.err().println("caravan: " + e);
        org.slf4j.LoggerFactory.getLogger(Cli.class).error("command failed", e);
        return CliException.TRY_AGAIN;
    }
}
