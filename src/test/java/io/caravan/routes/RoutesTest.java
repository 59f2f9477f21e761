package io.caravan.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.caravan.model.DealEvent;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Kind;
import io.caravan.model.Role;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorFlow;
import io.caravan.model.SectorState;
import io.caravan.node.cli.Cli;
import io.caravan.node.cli.Terminal;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The rules about the text of the routes, on every file under {@code routes/}. */
class RoutesTest {

    private static final int MOST_LINES = 26; // one of them is the note
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}]*)}}");
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
    private static final Pattern SETTING = Pattern.compile("\\b(caravan|daemon|miner|sealing)\\.[a-z][a-z.-]*[a-z]");
    private static final Pattern VERB = Pattern.compile("\\./caravan ([a-z-]+)");
    /** Where the classes of the beans live that routes call by name. */
    private static final List<String> BEAN_HOMES = List.of("chain", "deal", "market", "sealing", "node", "node.api", "node.net");
    private static final Map<String, String> STATE_ERRORS =
            Map.of("daemon", "client-errors", "miner", "provider-errors", "sealing", "sector-errors");

    static List<RouteText> routes() {
        return RouteText.routes();
    }

    static List<RouteText> configurations() {
        return RouteText.configurations();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isWrittenInCanonicalNotation(RouteText route) {
        assertThat(CanonicalForm.complaints(route)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isShort(RouteText route) {
        assertThat(route.lines()).isLessThanOrEqualTo(MOST_LINES);
    }

    @ParameterizedTest
    @MethodSource("routes")
    void saysWhatItDecides(RouteText route) {
        assertThat(route.word("description")).matches("[A-Z].*\\.");
        assertThat(route.file().getFileName().toString()).matches("[1-9]-[a-z0-9]+\\.camel\\.yaml");
    }

    /** Hawtio and the dashboard show both to people who never saw the file. */
    @ParameterizedTest
    @MethodSource("routes")
    void tellsAnOperatorWhatIsToBeKnown(RouteText route) {
        assertThat(route.word("description").length()).as("one line").isLessThanOrEqualTo(140);
        if (!route.id().startsWith("rpc-")) {
            assertThat(route.definition()).containsKey("note");
        }
        if (route.definition().containsKey("note")) {
            assertThat(route.word("note")).matches("[A-Z].*\\.").hasSizeLessThanOrEqualTo(200);
            assertThat(SETTING.matcher(route.word("note")).results().map(MatchResult::group)).allSatisfy(key ->
                    assertThat(settings()).contains(key));
            assertThat(VERB.matcher(route.word("note")).results().map(found -> found.group(1))).allSatisfy(verb ->
                    assertThat(Cli.run(new Terminal(NOWHERE, NOWHERE, false), verb, "--help")).isZero());
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isGroupedByPhase(RouteText route) {
        assertThat(route.word("group")).matches(route.folder() + "-[a-z]+");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void isCalledAsItsStateOrByAPrefix(RouteText route) {
        if (route.isDealState()) {
            assertThat(route.fromUri()).isEqualTo("deal:" + route.id());
            assertThat(route.from().get("parameters")).asInstanceOf(InstanceOfAssertFactories.MAP)
                    .containsEntry("role", route.role().text());
        } else if (route.isSectorState()) {
            assertThat(sectorState(route)).isPresent();
        } else {
            assertThat(route.id()).matches("(rpc|p2p|tick|filter)-[A-Za-z0-9.-]+");
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void namesAnErrorConfigurationThatExists(RouteText route) {
        Set<String> known = configurations().stream().map(RouteText::id).collect(Collectors.toSet());
        if (route.isDealState() || route.isSectorState()) {
            assertThat(route.word("routeConfigurationId")).isEqualTo(STATE_ERRORS.get(route.folder()));
        }
        if (route.definition().containsKey("routeConfigurationId")) {
            assertThat(known).contains(route.word("routeConfigurationId")); // Camel itself ignores an unknown one
        }
        assertThat(route.definition()).doesNotContainKey("errorHandler");
    }

    @ParameterizedTest
    @MethodSource("routes")
    void firesOnlyWhatItsStateReactsTo(RouteText route) {
        if (route.isDealState()) {
            assertThat(route.sends("deal:fire/")).isNotEmpty().allSatisfy(events -> assertThatCode(() ->
                    DealFlow.of(route.role()).walk(DealState.ofName(route.id()), dealEvents(events)))
                    .doesNotThrowAnyException());
        }
        if (route.isSectorState()) {
            SectorState state = sectorState(route).orElseThrow();
            assertThat(route.sends("sector:fire/")).allSatisfy(events -> assertThatCode(() ->
                    SectorFlow.SECTOR.walk(state, sectorEvents(events))).doesNotThrowAnyException());
        }
    }

    @ParameterizedTest
    @MethodSource("routes")
    void callsBeansThatAClassIsNamedFor(RouteText route) {
        assertThat(route.sends("bean:")).allSatisfy(call -> {
            String name = call.substring(0, call.indexOf('?'));
            String method = call.substring(call.indexOf('=') + 1);
            String type = Character.toUpperCase(name.charAt(0)) + name.substring(1);
            assertThat(BEAN_HOMES.stream().map(home -> "io.caravan." + home + "." + type).flatMap(RoutesTest::loaded)
                    .filter(found -> Modifier.isPublic(found.getModifiers()))
                    .flatMap(found -> Arrays.stream(found.getMethods()))
                    .filter(found -> found.getName().equals(method)))
                    .as("public methods %s.%s", type, method).hasSize(1);
        });
    }

    @ParameterizedTest
    @MethodSource("routes")
    void takesItsNumbersFromSettingsThatExist(RouteText route) {
        List<String> keys = PLACEHOLDER.matcher(route.definition().toString()).results().map(found -> found.group(1))
                .toList();
        assertThat(keys).allSatisfy(key -> {
            assertThat(settings()).contains(key);
            assertThat(key).startsWith(route.folder() + ".");
        });
        if (route.isDealState()) {
            assertThat(keys).hasSize(1); // its delay: no number stands in a route itself
        }
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void everyErrorConfigurationSaysWhatItDoes(RouteText configuration) {
        assertThat(configuration.folder()).isEmpty();
        assertThat(configuration.id()).endsWith("-errors");
        assertThat(configuration.word("description")).matches("[A-Z].*\\.");
    }

    @Test
    void noIdIsTakenTwiceInARole() {
        assertThat(routes().stream().filter(route -> route.folder().equals("daemon")).map(RouteText::id))
                .doesNotHaveDuplicates();
        assertThat(routes().stream().filter(route -> !route.folder().equals("daemon")).map(RouteText::id))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void everyStateThatActsOrWaitsHasOneRoute(Role role) {
        assertThat(routes().stream().filter(route -> route.isDealState() && route.role() == role).map(RouteText::id))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(DealState.values())
                        .filter(state -> state.kind(role) == Kind.WORK || state.kind(role) == Kind.WAIT)
                        .map(DealState::wireName).toList());
    }

    @Test
    void everySectorStateThatActsOrWaitsHasARoute() {
        Set<SectorState> served = routes().stream().filter(RouteText::isSectorState)
                .flatMap(route -> sectorState(route).stream()).collect(Collectors.toSet());
        assertThat(served).containsExactlyInAnyOrderElementsOf(Arrays.stream(SectorState.values())
                .filter(state -> state.kind() != Kind.END).toList());
    }

    /** The sector state a route serves: its id, or the part of it before a hyphen when a state has several stages. */
    private static Optional<SectorState> sectorState(RouteText route) {
        return Arrays.stream(SectorState.values())
                .filter(state -> route.id().equals(state.wireName()) || route.id().startsWith(state.wireName() + "-"))
                .findFirst();
    }

    static List<DealEvent> dealEvents(String events) {
        return Stream.of(events.split(",")).map(DealEvent::ofName).toList();
    }

    private static List<SectorEvent> sectorEvents(String events) {
        return Stream.of(events.split(",")).map(SectorEvent::ofName).toList();
    }

    private static Stream<Class<?>> loaded(String type) {
        try {
            return Stream.of(Class.forName(type));
        } catch (ClassNotFoundException e) {
            return Stream.empty();
        }
    }

    private static Set<String> settings() {
        var keys = new HashSet<String>();
        try (Stream<Path> files = Files.list(Path.of("config"))) {
            for (Path file : files.toList()) {
                var properties = new Properties();
                try (var in = Files.newBufferedReader(file)) {
                    properties.load(in);
                }
                keys.addAll(properties.stringPropertyNames());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return keys;
    }
}
