package io.caravan.node.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.model.Role;
import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each mistake in a file of routes is refused with its code, its line and one sentence. */
class RouteCheckTest {

    private static final Path ROUTES = Path.of("routes");
    private static final String FILE = "miner/3-accept.camel.yaml";

    @TempDir
    private static Path home;

    private static List<String> check(String name, String text) {
        Settings settings = RoleSettings.load(home, Map.of());
        return OfflineCheck.check(ROUTES, name.startsWith("daemon/"), settings, name, text);
    }

    static Stream<String> shipped() throws IOException {
        try (Stream<Path> files = Files.walk(ROUTES)) {
            return files.filter(file -> file.toString().endsWith(RouteFile.END)).map(file -> ROUTES.relativize(file).toString())
                    .filter(name -> name.matches("errors.*|(daemon|miner|sealing)/.*")).toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void takesEveryFileThatShips(String name) throws IOException {
        if (!name.equals("sealing/8-lotus.camel.yaml")) {
            check(name, Files.readString(ROUTES.resolve(name)));
        }
    }

    @ParameterizedTest
    @CsvSource({"miner/3-filter, decide-by-http", "miner/9-amqp, notify-amqp", "daemon/9-webhook, notify-webhook"})
    void takesTheExamples(String place, String example) throws IOException {
        check(place + RouteFile.END, Files.readString(Path.of("examples", example + RouteFile.END)));
    }

    static Stream<Arguments> mistakes() throws IOException {
        String phase = Stage.phase("One.");
        String more = Files.readString(ROUTES.resolve("miner/3-accept.camel.yaml"));
        return Stream.of(
                mistake("  \n", "R1 unreadable: F: the file is empty"),
                mistake("# nothing\n", "R1 unreadable: F: the file holds nothing but comments"),
                mistake("# " + "x".repeat(RouteFile.MOST_BYTES), "R1 unreadable: F: the file is larger than 262144 bytes"),
                mistake("- route:\n    id: [a\n", "R2 not-yaml: F:3: expected ',' or ']', but got <stream end>"),
                mistake("route:\n  id: a\n", "R3 not-a-route: F:1: a file of routes is a list: each element begins with '- route:'"),
                mistake("- beans:\n  - name: x\n", "R3 not-a-route: F:1: a file of routes holds 'route' and 'routeConfiguration', not 'beans'"),
                mistake("- route:\n    id: a\n", "R3 not-a-route: F:2: the route a has no 'from'"),
                mistake(phase.replace("        - to:", "        - sendTo:"), "R3 not-a-route: F:"),
                mistake(phase.replace("description:", "descripton:"), "R3 not-a-route: F:"),
                mistake(phase.replace("    id: StorageDealValidating\n", ""), "R4 no-id: F:1: this route has no id"),
                mistake(phase + phase, "R5 id-taken: F:16: the id StorageDealValidating stands in line 2 too"),
                mistake(phase.replace("id: StorageDealValidating", "id: StorageDealPublish"),
                        "R5 id-taken: F:2: the id StorageDealPublish belongs to a route of miner/6-publish.camel.yaml"),
                mistake(phase.replace("bean:proposalRules?method=check", "cafka:topic"), "R6 unknown-component: F:12: the route StorageDealValidating cannot be built: there is no component cafka"),
                mistake(phase.replace("delay: ", "dalay: "), "R7 wrong-option: F:7: the route StorageDealValidating cannot be built: deal:StorageDealValidating"),
                mistake(phase.replace("delay: \"{{miner.accept.delay}}\"", "batch: many"), "R7 wrong-option: F:7: the route StorageDealValidating cannot be built: "),
                mistake(phase.replace("delay: \"{{miner.accept.delay}}\"", "role: client"), "R7 wrong-option: F:7: this node keeps the provider's deals, not the client's"),
                mistake(phase.replace("uri: deal:StorageDealValidating", "uri: deal:StorageDealValidate"),
                        "R8 unknown-state: F:7: StorageDealValidate is no state of a deal; the nearest is StorageDealValidating"),
                mistake(phase.replace("uri: deal:StorageDealValidating", "uri: deal:StorageDealError"),
                        "R8 unknown-state: F:7: a provider's deal does nothing in StorageDealError: no route can serve it"),
                mistake(phase.replace("DealDeciding", "DealDecides"), "R9 illegal-event: F:14: DealDecides is no event; the nearest is DealDeciding"),
                mistake(phase.replace("DealDeciding", "DealPublished"), "R9 illegal-event: F:14: StorageDealValidating does not react to DealPublished"),
                mistake(phase.replace("deal:fire/DealDeciding", "deal:StorageDealAcceptWait"),
                        "R9 illegal-event: F:14: deal:StorageDealAcceptWait names no event: a step fires events by fire/<Event>, it never names the next state"),
                mistake(phase.replace("    routeConfigurationId: provider-errors\n", ""),
                        "R10 no-error-configuration: F:2: the route StorageDealValidating works on deals or sectors and names no routeConfigurationId: what fails in it would be lost"),
                mistake(phase.replace("provider-errors", "provider-error"),
                        "R10 no-error-configuration: F:5: there is no error configuration provider-error; there are client-errors, provider-errors, rpc-errors, sector-errors"),
                mistake(phase.replace("    from:", "    errorHandler:\n      noErrorHandler: {}\n    from:"),
                        "R10 no-error-configuration: F:7: the route StorageDealValidating has an error handler of its own: name a configuration by routeConfigurationId instead"),
                mistake(phase.replace("accept.delay", "accept.dely"), "R11 unknown-placeholder: F:9: {{miner.accept.dely}} is no setting; the nearest is miner.accept.delay"),
                mistake(phase.replace("proposalRules", "proposalRule"), "R12 unknown-bean: F:12: there is no bean proposalRule; the nearest is "),
                mistake(phase.replace("method=check", "method=chek"), "R12 unknown-bean: F:12: the bean proposalRules has no method chek; the nearest is check"),
                mistake(phase.replace("bean:proposalRules?method=check", "direct:deal-filtr"), "R13 nobody-answers: F:12: no route begins with direct:deal-filtr"),
                mistake(phase.replace("id: StorageDealValidating", "id: Other").replace("deal:StorageDealValidating", "deal:StorageDealPublish")
                        .replace("DealDeciding", "DealPublishInitiated"),
                        "R14 served-twice: F:7: deal:StorageDealPublish is served by the route StorageDealPublish of miner/6-publish.camel.yaml already"),
                mistake(more.replace("        - to:\n            uri: bean:proposalRules?method=decide\n",
                        "        - filter:\n            expression: {simple: {expression: \"${body.x} === 'a'\"}}\n            steps:\n              - to:\n                  uri: bean:proposalRules?method=decide\n"),
                        "R15 not-built: F:"));
    }

    private static Arguments mistake(String text, String sentence) {
        return Arguments.of(sentence, text);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void refuses(String sentence, String text) {
        assertThatThrownBy(() -> check(FILE, text)).isInstanceOf(RouteRefusedException.class)
                .hasMessageStartingWith(sentence.replace("F:", FILE + ":"));
    }

    @Test
    void refusesToTakeWhatOthersNeed() {
        assertThatThrownBy(() -> RouteRules.checkDrop(FILE, OutlineReader.read(new RouteFile(FILE, """
                - route:
                    id: filter-deal
                    from:
                      uri: direct:x
                      steps: []
                """)), new Surroundings(Map.of("miner/4-x.camel.yaml", OutlineReader.read(new RouteFile("miner/4-x.camel.yaml", """
                - route:
                    id: other
                    from:
                      uri: timer:x
                      steps:
                        - to: direct:x
                """))), java.util.Set.of(), new NamedBeans(Role.PROVIDER, java.util.Set.of(), java.time.Clock.systemUTC()), Role.PROVIDER)))
                .hasMessage("R13 nobody-answers: " + FILE + ": miner/4-x.camel.yaml:6 calls direct:x, which nobody would answer any more");
    }

    @Test
    void namesTheRoutesOfAGoodFile() {
        assertThat(check("miner/9-other.camel.yaml", """
                - route:
                    id: tick-other
                    from:
                      uri: timer:other
                      steps:
                        - toD: "log:${header.x}"
                """)).containsExactly("tick-other");
    }
}
