package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.HashingChoice;
import io.caravan.node.Machine;
import io.caravan.node.config.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Option;

/** Runs roles in this process until it is told to stop. */
abstract class RoleVerb extends Verb {

    @Option(names = "--set", paramLabel = "KEY=VALUE", description = "Override one setting; may be repeated.")
    private Map<String, String> overrides = new LinkedHashMap<>();

    /** Starts what this verb runs. */
    abstract void start(Machine machine);

    @Override
    public Integer call() throws InterruptedException {
        CountDownLatch stop = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Machine machine = new Machine(spec.name(), home(), settings())) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                stop.countDown();
                awaitQuietly(stopped);
            }, "stop"));
            machine.onEndAsked(stop::countDown);
            start(machine);
            HashingChoice.begin(machine.settings(), !machine.minerAddress().isEmpty()); // after the start, which has better uses for the cores
            var urls = object();
            machine.urls().forEach(urls::put);
            if (!machine.minerAddress().isEmpty()) {
                urls.put("minerAddress", machine.minerAddress());
            }
            var links = urls.putObject("login");
            if (Terminal.of(spec).isLive()) { // what a service prints is kept in a log
                machine.loginLinks(LoginVerb.userName()).forEach(links::put);
            }
            answer(urls, text(machine, links));
            stop.await();
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    private Settings settings() {
        overrides.keySet().stream().filter(Settings::isSecret).forEach(key -> Terminal.of(spec).err().println("caravan: whoever lists processes"
                + " on this machine sees " + key + ": put it into the environment or into caravan.properties of the home folder instead"));
        return RoleSettings.load(home().root(), overrides);
    }

    private static String text(Machine machine, JsonNode links) {
        StringBuilder text = new StringBuilder();
        machine.urls().forEach((role, url) -> text.append("%-7s %s%n".formatted(role, url)));
        if (!machine.minerAddress().isEmpty()) {
            text.append("The miner's address on the chain is ").append(machine.minerAddress()).append(": ./caravan ask ")
                    .append(machine.minerAddress()).append('\n').append(machine.sealingEngine()).append('\n');
        }
        if (!links.isEmpty()) {
            text.append("Pages, by a link that signs a browser in once within five minutes (./caravan login prints another):\n");
            links.fields().forEachRemaining(link -> text.append("%-7s %s%n".formatted(link.getKey(), link.getValue().asText())));
        }
        if (links.isEmpty()) {
            text.append("Pages are at the same addresses; ./caravan login prints a link that signs a browser in.\n");
        }
        return text.append("home    ").append(machine.home().root()).append("\nCtrl-C stops.").toString();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
