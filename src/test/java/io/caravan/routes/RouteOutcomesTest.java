package io.caravan.routes;

import static io.caravan.support.DealBuilder.aDeal;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.camel.DealComponent;
import io.caravan.codec.Cid;
import io.caravan.model.DataRef;
import io.caravan.model.Deal;
import io.caravan.model.DealDuties;
import io.caravan.model.DealFlow;
import io.caravan.model.DealState;
import io.caravan.model.Duty;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.RejectedException;
import io.caravan.model.Retry;
import io.caravan.model.RetryableException;
import io.caravan.model.Role;
import io.caravan.model.SectorNumber;
import io.caravan.model.Turn;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.routes.OneDealStore.Ending;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The real route files with scripted phases: for each state, what each outcome of its phase fires. */
@TestInstance(Lifecycle.PER_CLASS)
class RouteOutcomesTest {

    private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
    private static final long HEAD = 2000;
    private static final String FIRST_LOOK = "the first phase of the route";
    /** Their routes always fire; each has its own test below. */
    static final Set<String> WITHOUT_A_PHASE = Set.of("StorageDealUnknown", "StorageDealRejecting");

    /** One role with its routes. */
    private record Stage(DefaultCamelContext context, OneDealStore store, ScriptedPhases phases) {}

    private final Map<Role, Stage> stages = new EnumMap<>(Role.class);

    @BeforeAll
    void open() throws Exception {
        for (Role role : Role.values()) {
            var stage = new Stage(new DefaultCamelContext(), new OneDealStore(), new ScriptedPhases());
            stage.context().disableJMX();
            var clock = Clock.fixed(AT, ZoneOffset.UTC);
            stage.context().addComponent("deal", new DealComponent(stage.store(), clock, role,
                    () -> Optional.of(Epoch.of(HEAD))));
            stage.context().addComponent("phase", stage.phases());
            stage.context().getPropertiesComponent().setInitialProperties(shipped());
            load(stage.context(), Path.of("routes/errors.camel.yaml"));
            for (Path file : dealFiles(role)) {
                load(stage.context(), file);
            }
            stage.context().start();
            stages.put(role, stage);
        }
    }

    @AfterAll
    void close() {
        stages.values().forEach(stage -> stage.context().stop());
    }

    @ParameterizedTest(name = "{0} {1} {2} → {3}")
    @CsvSource(delimiter = '|', textBlock = """
            client   | Unknown                      |           | Open
            client   | ReserveClientFunds           |           | FundsReserved,FundingComplete
            client   | ReserveClientFunds           | topUp     | FundsReserved,FundingInitiated
            client   | ClientFunding                | topUp     | FundingComplete
            client   | FundsReserved                |           | InitiateDataTransfer
            client   | StartDataTransfer            |           | DataTransferQueued
            client   | StartDataTransfer            | manual    | DataTransferComplete
            client   | TransferQueued               |           | DataTransferInitiated
            client   | Transferring                 |           | DataTransferComplete
            client   | ClientTransferRestart        |           | DataTransferComplete
            client   | ClientTransferRestart        | second    | DataTransferRestarted
            client   | CheckForAcceptance           |           | DealAccepted
            client   | ProposalAccepted             |           | FundsReleased,DealPublished
            client   | AwaitingPreCommit            |           | DealPrecommitted
            client   | AwaitingPreCommit            | sector    | DealPrecommitted,DealActivated
            client   | Sealing                      | sector    | DealActivated
            client   | Active                       | sector    | DealExpired
            client   | Active                       | slashed   | DealSlashed
            client   | Active                       |           | Reverted
            client   | Failing                      |           | Failed
            provider | Unknown                      |           | Open
            provider | Validating                   |           | DealDeciding
            provider | AcceptWait                   |           | DataRequested
            provider | WaitingForData               |           | DataTransferInitiated
            provider | Transferring                 |           | DataTransferCompleted
            provider | ProviderTransferAwaitRestart |           | DataTransferRestarted
            provider | VerifyData                   |           | VerifiedData
            provider | ReserveProviderFunds         |           | FundsReserved,Funded
            provider | ReserveProviderFunds         | topUp     | FundsReserved,FundingInitiated
            provider | ProviderFunding              | topUp     | Funded
            provider | Publish                      |           | DealPublishInitiated
            provider | Publishing                   |           | FundsReleased,DealPublished
            provider | Staged                       |           | DealHandedOff
            provider | AwaitingPreCommit            | sector    | DealPrecommitted
            provider | AwaitingPreCommit            |           | DealActivated
            provider | Sealing                      | sector    | DealActivated
            provider | Finalizing                   | sector    | Finalized
            provider | Active                       | sector    | DealExpired
            provider | Active                       | slashed   | DealSlashed
            provider | Active                       |           | Reverted
            provider | Rejecting                    |           | RejectionSent
            provider | Failing                      |           | Failed
            """)
    void firesWhatItsPhaseFound(String side, String state, String facts, String events) throws Exception {
        assertThat(ending(deal(side, state), deal -> with(facts, deal)).what()).isEqualTo(events);
    }

    @ParameterizedTest(name = "{0} {1} rejected → {2}, fatal → {3}")
    @CsvSource(delimiter = '|', textBlock = """
            client   | ReserveClientFunds           | ReserveFundsFailed          | ReserveFundsFailed
            client   | ClientFunding                | ReserveFundsFailed          | ReserveFundsFailed
            client   | FundsReserved                | WriteProposalFailed         | WriteProposalFailed
            client   | StartDataTransfer            | DataTransferFailed          | DataTransferFailed
            client   | TransferQueued               | DataTransferFailed          | DataTransferFailed
            client   | Transferring                 | DataTransferFailed          | DataTransferFailed
            client   | ClientTransferRestart        | DataTransferRestartFailed   | DataTransferRestartFailed
            client   | CheckForAcceptance           | DealRejected                | DealRejected
            client   | ProposalAccepted             | DealPublishFailed           | DealPublishFailed
            client   | AwaitingPreCommit            | DealPrecommitFailed         | DealPrecommitFailed
            client   | Sealing                      | DealActivationFailed        | DealActivationFailed
            client   | Active                       | DealCompletionFailed        | DealCompletionFailed
            client   | Failing                      | Failed                      | Failed
            provider | Validating                   | DealRejected                | DealRejected
            provider | AcceptWait                   | DealRejected                | DealRejected
            provider | WaitingForData               | DataTransferFailed          | DataTransferFailed
            provider | Transferring                 | DataTransferFailed          | DataTransferFailed
            provider | ProviderTransferAwaitRestart | AwaitTransferRestartTimeout | AwaitTransferRestartTimeout
            provider | VerifyData                   | DealRejected                | DataVerificationFailed
            provider | ReserveProviderFunds         | NodeErrored                 | NodeErrored
            provider | ProviderFunding              | NodeErrored                 | NodeErrored
            provider | Publish                      | NodeErrored                 | NodeErrored
            provider | Publishing                   | DealPublishError            | DealPublishError
            provider | Staged                       | DealHandoffFailed           | DealHandoffFailed
            provider | AwaitingPreCommit            | DealPrecommitFailed         | DealPrecommitFailed
            provider | Sealing                      | DealActivationFailed        | DealActivationFailed
            provider | Finalizing                   | Finalized                   | Finalized
            provider | Active                       | DealCompletionFailed        | DealCompletionFailed
            provider | Failing                      | Failed                      | Failed
            """)
    void failsByItsStatesOwnEvent(String side, String state, String rejected, String fatal) throws Exception {
        Ending refused = ending(deal(side, state), deal -> {
            throw new RejectedException("for the peer", "for us");
        });
        assertThat(refused.what()).isEqualTo(rejected);
        assertThat(refused.deal().message()).isEqualTo("for the peer");
        Ending failed = ending(deal(side, state), deal -> {
            throw new FatalException("no hope");
        });
        assertThat(failed.what()).isEqualTo(fatal);
        assertThat(failed.deal().message()).isEqualTo("no hope");
    }

    @ParameterizedTest
    @MethodSource("routesWithAPhase")
    void staysAndTriesAgain(RouteText route) throws Exception {
        Deal deal = deal(route.role().text(), route.id().substring("StorageDeal".length()));
        assertThat(ending(deal, one -> {
            throw new RetryableException("node away");
        }).what()).isEqualTo("retry");
        assertThat(ending(deal, one -> {
            throw new IllegalStateException("a bug");
        }).what()).isEqualTo("retry");
    }

    @ParameterizedTest
    @MethodSource("routesThatLook")
    void firesNothingUntilSomethingIsTrue(RouteText route) throws Exception {
        Deal deal = deal(route.role().text(), route.id().substring("StorageDeal".length()));
        for (String facts : List.of("", "topUp", "sector", "slashed")) {
            Ending later = ending(deal, one -> with(facts, one).waitingFor(WaitsOn.PEER, "the test", AT));
            assertThat(later.what()).isEqualTo("later");
            assertThat(later.deal().waiting().what()).isEqualTo("the test");
        }
    }

    @ParameterizedTest
    @MethodSource("routesWithAPhase")
    void givesUpByItsStatesOwnEventWhenItsTimeIsUp(RouteText route) throws Exception {
        Duty duty = DealDuties.of(route.role(), DealState.ofName(route.id())).orElseThrow();
        Deal late = deal(route).withDeadline(AT);
        Ending end = ending(late, onlyTries(route) ? RouteOutcomesTest::away : one -> one.waitingFor(WaitsOn.PEER, "the test", AT));
        assertThat(end.what()).isEqualTo(failure(route));
        saysWhy(route, end, "waited 0 s for ");
        assertThat(ending(late, RouteOutcomesTest::away).what())
                .isEqualTo(duty.retry() == Retry.LOOK ? "retry" : failure(route));
    }

    @ParameterizedTest
    @MethodSource("routesWithAPhase")
    void givesUpByItsStatesOwnEventAfterItsLastEpoch(RouteText route) throws Exception {
        Duty duty = DealDuties.of(route.role(), DealState.ofName(route.id())).orElseThrow();
        Deal deal = deal(route);
        Deal bounded = deal.withTurn(new Turn(AT, 0, 0, AT.plusSeconds(60), Epoch.of(HEAD - 1), null, false));
        UnaryOperator<Deal> phase = onlyTries(route) ? RouteOutcomesTest::away : one -> one.waitingFor(WaitsOn.PEER, "the test", AT);
        assertThat(ending(deal, phase).what()).isIn("later", "retry");
        Ending end = ending(bounded, phase);
        assertThat(end.what()).isEqualTo(failure(route));
        saysWhy(route, end, "the chain is at epoch 2000, past epoch 1999 (start epoch 1000)");
        assertThat(ending(bounded, RouteOutcomesTest::away).what())
                .isEqualTo(duty.retry() == Retry.LOOK ? "retry" : failure(route));
    }

    /** The client whose proposal is rejected reads a code and nothing of our own troubles. */
    private static void saysWhy(RouteText route, Ending end, String why) {
        boolean isRejected = route.role() == Role.PROVIDER && failure(route).equals("DealRejected");
        assertThat(end.deal().message()).startsWith(isRejected ? "V1 undecided: server error" : why);
    }

    @ParameterizedTest(name = "{0} {1} → {2}, also when its time is up")
    @CsvSource({"client, Unknown, Open", "provider, Unknown, Open", "provider, Rejecting, RejectionSent"})
    void aStateWithoutAPhaseNeverWaits(String side, String state, String event) throws Exception {
        assertThat(WITHOUT_A_PHASE).contains("StorageDeal" + state);
        assertThat(ending(deal(side, state).withDeadline(AT), deal -> deal).what()).isEqualTo(event);
    }

    private static Deal away(Deal deal) {
        throw new RetryableException("node away");
    }

    private static boolean onlyTries(RouteText route) {
        return !routesThatLook().contains(route);
    }

    private static String failure(RouteText route) {
        return DealFlow.of(route.role()).failure(DealState.ofName(route.id())).orElseThrow().wireName();
    }

    private static Deal deal(RouteText route) {
        return deal(route.role().text(), route.id().substring("StorageDeal".length()));
    }

    /** One row of the first table for each event list in the files, one of the second for each route with a phase. */
    @Test
    void theTablesAboveLackNoRoute() throws Exception {
        assertThat(rows("firesWhatItsPhaseFound", 0, 1, 3)).containsExactlyInAnyOrderElementsOf(
                dealRoutes().flatMap(route -> route.sends("deal:fire/").stream()
                        .map(events -> name(route) + " " + events)).toList());
        assertThat(rows("failsByItsStatesOwnEvent", 0, 1)).containsExactlyInAnyOrderElementsOf(
                routesWithAPhase().stream().map(RouteOutcomesTest::name).toList());
    }

    private static List<String> rows(String test, int... columns) throws Exception {
        String table = Arrays.stream(RouteOutcomesTest.class.getDeclaredMethods())
                .filter(method -> method.getName().equals(test)).findFirst().orElseThrow()
                .getAnnotation(CsvSource.class).textBlock();
        return table.lines().filter(line -> !line.isBlank()).map(line -> line.split("\\|"))
                .map(cells -> Arrays.stream(columns).mapToObj(column -> cells[column].strip())
                        .collect(Collectors.joining(" "))).toList();
    }

    static List<RouteText> routesWithAPhase() {
        return dealRoutes().filter(route -> !WITHOUT_A_PHASE.contains(route.id())).toList();
    }

    /** Those with a branch and nothing for the other case: the others always fire. */
    static List<RouteText> routesThatLook() {
        return routesWithAPhase().stream()
                .filter(route -> route.definition().toString().contains("waiting.what"))
                .filter(route -> !route.definition().toString().contains("otherwise")).toList();
    }

    private static Stream<RouteText> dealRoutes() {
        return RouteText.routes().stream().filter(RouteText::isDealState);
    }

    private static String name(RouteText route) {
        return route.role().text() + " " + route.id().substring("StorageDeal".length());
    }

    private Ending ending(Deal deal, UnaryOperator<Deal> phase) throws Exception {
        Stage stage = stages.get(deal.role());
        stage.phases().say(phase);
        return stage.store().offer(deal).get(10, TimeUnit.SECONDS);
    }

    /** A deal that an earlier look left waiting. */
    private static Deal deal(String side, String state) {
        return aDeal(side + state).as(Role.of(side)).in(DealState.ofName("StorageDeal" + state)).build()
                .waitingFor(WaitsOn.PEER, "an earlier look", AT);
    }

    private static Deal with(String facts, Deal deal) {
        Deal done = deal.withWaiting(Waiting.NOTHING);
        return switch (facts == null ? "" : facts) {
            case "" -> done;
            case "second" -> isSecondLook(deal) ? done : deal.waitingFor(WaitsOn.PEER, FIRST_LOOK, AT);
            case "topUp" -> done.withAddFundsCid(Cid.dagCborBlake2b(new byte[] {1}));
            case "manual" -> offline(done);
            case "sector" -> done.withSector(SectorNumber.of(4));
            case "slashed" -> done.withSector(SectorNumber.of(4)).withSlashEpoch(Epoch.of(7));
            default -> throw new IllegalArgumentException(facts);
        };
    }

    private static Deal offline(Deal deal) {
        DataRef data = deal.dataRef();
        return new Deal(deal.proposalCid(), deal.role(), deal.state(), deal.version(), deal.seq(), deal.proposal(),
                new DataRef(DataRef.MANUAL, data.root(), data.pieceCid(), data.pieceSize(), data.rawBlockSize()), deal.fastRetrieval(),
                deal.peer(), deal.transfer(), deal.files(), deal.funds(), deal.chain(), deal.remote(), deal.message(), deal.turn(),
                deal.waiting(), deal.createdAt(), deal.enteredAt(), deal.updatedAt());
    }

    /** Of a route with two phases, the second takes what the first left waiting. */
    private static boolean isSecondLook(Deal deal) {
        return FIRST_LOOK.equals(deal.waiting().what());
    }

    private static List<Path> dealFiles(Role role) {
        return RouteText.routes().stream().filter(route -> route.isDealState() || route.fromUri().startsWith("direct:"))
                .filter(route -> route.role() == role).map(RouteText::file).distinct().toList();
    }

    private static void load(DefaultCamelContext context, Path file) throws Exception {
        String text = Files.readString(file).replace("uri: bean:", "uri: phase:")
                .replace("uri: \"bean:", "uri: \"phase:"); // bean: also serves ${body.…}
        var resource = ResourceHelper.fromString(file.toString(), text);
        PluginHelper.getRoutesLoader(context).loadRoutes(resource);
    }

    private static Properties shipped() throws Exception {
        var all = new Properties();
        for (String file : List.of("daemon", "miner")) {
            try (var in = Files.newBufferedReader(Path.of("config", file + ".properties"))) {
                all.load(in);
            }
        }
        return all;
    }
}
