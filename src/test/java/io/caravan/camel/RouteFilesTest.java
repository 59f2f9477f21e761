package io.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.codec.Cid;
import io.caravan.model.Deal;
import io.caravan.model.DealEvent;
import io.caravan.model.DealMove;
import io.caravan.model.DealState;
import io.caravan.model.Epoch;
import io.caravan.model.FatalException;
import io.caravan.model.RejectedException;
import io.caravan.model.Role;
import io.caravan.model.SectorNumber;
import io.caravan.model.Waiting;
import io.caravan.model.WaitsOn;
import io.caravan.store.Backoff;
import io.caravan.store.Deadlines;
import io.caravan.store.PostgresDealStore;
import io.caravan.support.DealFixture;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real files under routes/, with beans that a test scripts: each outcome of a phase fires the event it should. */
class RouteFilesTest {

    private static final Duration BOUND = Duration.ofSeconds(20);
    private static final Cid MESSAGE = Cid.dagCborBlake2b(new byte[] {1});

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    /** A phase of a deal, or what phases of other files call by name. */
    private static final Pattern PHASE_OR_PART = Pattern.compile("(?m)from:\\s+uri: (deal:StorageDeal|direct:)");

    private final Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Map<String, UnaryOperator<Deal>> script = new ConcurrentHashMap<>();
    private PostgresDealStore store;

    /** Every bean the routes name: says what the test scripted, or else that there is nothing to wait for. */
    public final class Bean {
        private final String name;

        Bean(String name) {
            this.name = name;
        }

        private Deal say(String method, Deal deal) {
            return script.getOrDefault(name + "." + method, one -> one).apply(deal.withWaiting(Waiting.NOTHING));
        }

        public Deal reserve(Deal deal) {
            return say("reserve", deal);
        }

        public Deal look(Deal deal) {
            return say("look", deal);
        }

        public Deal lookStart(Deal deal) {
            return say("lookStart", deal);
        }

        public Deal lookRestart(Deal deal) {
            return say("lookRestart", deal);
        }

        public Deal lookPreCommit(Deal deal) {
            return say("lookPreCommit", deal);
        }

        public Deal lookActive(Deal deal) {
            return say("lookActive", deal);
        }

        public Deal lookEnd(Deal deal) {
            return say("lookEnd", deal);
        }

        public Deal propose(Deal deal) {
            return say("propose", deal);
        }

        public Deal start(Deal deal) {
            return say("start", deal);
        }

        public Deal restart(Deal deal) {
            return say("restart", deal);
        }

        public Deal check(Deal deal) {
            return say("check", deal);
        }

        public Deal ask(Deal deal) {
            return say("ask", deal);
        }

        public Deal decide(Deal deal) {
            return say("decide", deal);
        }

        public Deal verify(Deal deal) {
            return say("verify", deal);
        }

        public Deal publish(Deal deal) {
            return say("publish", deal);
        }

        public Deal handOff(Deal deal) {
            return say("handOff", deal);
        }

        public Deal lookComplete(Deal deal) {
            return say("lookComplete", deal);
        }

        public Deal close(Deal deal) {
            return say("close", deal);
        }

        public Deal enter(Deal deal) {
            return say("enter", deal);
        }

        public Deal finish(Deal deal) {
            return say("finish", deal);
        }

        public Deal fail(Deal deal) {
            return say("fail", deal);
        }
    }

    @BeforeEach
    void open() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        store = new PostgresDealStore(POSTGRES.database().sql(), clock, "node", Deadlines.usual(),
                new Backoff(Duration.ofMillis(20), Duration.ofMillis(50), new Random(1)));
        context.disableJMX();
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    private void start(Role role) throws Exception {
        String folder = role == Role.CLIENT ? "daemon" : "miner";
        var quick = new Properties();
        for (String key : keys(folder)) {
            quick.setProperty(key, "100ms");
        }
        context.getPropertiesComponent().setInitialProperties(quick);
        context.addComponent("deal", new DealComponent(store, clock, role));
        for (Path file : files(folder)) {
            Matcher bean = Pattern.compile("bean:(\\w+)").matcher(Files.readString(file));
            while (bean.find()) {
                context.getRegistry().bind(bean.group(1), new Bean(bean.group(1)));
            }
        }
        load(Path.of("routes/errors.camel.yaml"));
        for (Path file : files(folder)) {
            if (PHASE_OR_PART.matcher(Files.readString(file)).find()) {
                load(file);
            }
        }
        context.start();
    }

    private void load(Path file) throws Exception {
        PluginHelper.getRoutesLoader(context)
                .loadRoutes(ResourceHelper.fromString(file.toString(), Files.readString(file)));
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> found = Files.list(Path.of("routes", folder))) {
            return found.filter(file -> !file.getFileName().toString().startsWith("1-")).sorted().toList();
        }
    }

    private static List<String> keys(String folder) throws IOException {
        var found = new ArrayList<String>();
        for (Path file : files(folder)) {
            Matcher key = Pattern.compile("\\{\\{([^}]+)}}").matcher(Files.readString(file));
            while (key.find()) {
                found.add(key.group(1));
            }
        }
        return found;
    }

    private Deal run(Role role, DealState end) throws Exception {
        start(role);
        Deal deal = store.insert(DealFixture.deal(role, DealState.UNKNOWN), DealEvent.OPEN).deal();
        return awaited(deal, end);
    }

    private Deal awaited(Deal deal, DealState state) {
        return store.await(deal.proposalCid(), deal.role(), now -> now.state() == state, BOUND).orElseThrow(() ->
                new AssertionError("not " + state + ": " + store.find(deal.proposalCid(), deal.role())));
    }

    /** The codes of the states the deal was in, in order. */
    private String path(Deal deal) {
        return store.events(deal.proposalCid(), deal.role()).stream().filter(move -> move.from() != move.to())
                .map(DealMove::to).map(state -> String.valueOf(state.code())).collect(Collectors.joining(" "));
    }

    private void say(String phase, UnaryOperator<Deal> result) {
        script.put(phase, result);
    }

    private Deal later(Deal deal) {
        return deal.waitingFor(WaitsOn.PEER, "the test", clock.instant());
    }

    @Test
    void takesAClientsDealThroughEveryStateOfTheHappyPath() throws Exception {
        say("clientFunds.reserve", deal -> deal.withAddFundsCid(MESSAGE));
        say("clientTracker.lookEnd", this::later);
        assertThat(path(run(Role.CLIENT, DealState.ACTIVE))).isEqualTo("21 23 12 16 30 17 13 3 29 5 7");
    }

    @Test
    void passesByTheClientsFundingWhenTheEscrowIsEnough() throws Exception {
        say("clientTracker.lookPreCommit", deal -> deal.withSector(SectorNumber.of(4)));
        assertThat(path(run(Role.CLIENT, DealState.EXPIRED))).isEqualTo("21 12 16 30 17 13 3 29 5 7 8");
    }

    @Test
    void takesAProvidersDealThroughEveryStateOfTheHappyPath() throws Exception {
        say("providerFunds.reserve", deal -> deal.withAddFundsCid(MESSAGE));
        say("providerTracker.lookPreCommit", deal -> deal.withSector(SectorNumber.of(4)));
        say("providerTracker.lookEnd", this::later);
        assertThat(path(run(Role.PROVIDER, DealState.ACTIVE))).isEqualTo("14 15 18 17 19 20 22 24 25 4 29 5 6 7");
    }

    @Test
    void passesByFundingAndAMissedPreCommitAndSeesASlashing() throws Exception {
        say("providerTracker.lookEnd", deal -> deal.withSlashEpoch(Epoch.of(5)));
        assertThat(path(run(Role.PROVIDER, DealState.SLASHED))).isEqualTo("14 15 18 17 19 20 24 25 4 29 6 7 9");
    }

    @Test
    void looksAgainAtWhatIsNotYetTrue() throws Exception {
        say("clientTracker.lookEnd", this::later);
        for (String phase : List.of("clientFunds.reserve", "dealProposer.propose", "dataSender.start",
                "dataSender.lookStart",
                "dataSender.look", "acceptanceCheck.look", "publishCheck.look", "clientTracker.lookPreCommit")) {
            var looks = new AtomicInteger();
            say(phase, deal -> looks.incrementAndGet() < 2 ? later(deal) : deal);
        }
        assertThat(path(run(Role.CLIENT, DealState.ACTIVE))).isEqualTo("21 12 16 30 17 13 3 29 5 7");
    }

    @ParameterizedTest
    @CsvSource({"proposalRules.check, 14 10 11 26", "proposalRules.decide, 14 15 10 11 26"})
    void rejectsAndThenFails(String phase, String path) throws Exception {
        say(phase, deal -> {
            throw new RejectedException("V14 price-below-ask: 1 < 2", "too cheap");
        });
        Deal deal = run(Role.PROVIDER, DealState.ERROR);
        assertThat(path(deal)).isEqualTo(path);
        assertThat(deal.message()).isEqualTo("V14 price-below-ask: 1 < 2");
    }

    @ParameterizedTest
    @CsvSource({"transferWatcher.lookStart, 18", "transferWatcher.look, 17", "pieceVerifier.verify, 19",
            "providerFunds.reserve, 20",
            "dealPublisher.publish, 24", "dealPublisher.look, 25", "sectorHandOff.handOff, 4",
            "providerTracker.lookPreCommit, 29",
            "providerTracker.lookActive, 5"})
    void failsAProvidersDealFromEveryPhase(String phase, String state) throws Exception {
        say("providerTracker.lookPreCommit", deal -> deal.withSector(SectorNumber.of(4)));
        say(phase, deal -> {
            throw new FatalException("no hope");
        });
        Deal deal = run(Role.PROVIDER, DealState.ERROR);
        assertThat(path(deal)).endsWith(" " + state + " 11 26");
        assertThat(deal.message()).isEqualTo("no hope");
    }

    @ParameterizedTest
    @CsvSource({"clientFunds.reserve, 21", "dealProposer.propose, 12", "dataSender.start, 16",
            "dataSender.lookStart, 30",
            "dataSender.look, 17", "acceptanceCheck.look, 13", "publishCheck.look, 3",
            "clientTracker.lookPreCommit, 29",
            "clientTracker.lookActive, 5"})
    void failsAClientsDealFromEveryPhase(String phase, String state) throws Exception {
        say(phase, deal -> {
            throw new FatalException("no hope");
        });
        Deal deal = run(Role.CLIENT, DealState.ERROR);
        assertThat(" " + path(deal)).endsWith(" " + state + " 11 26");
        assertThat(deal.message()).isEqualTo("no hope");
    }

    @Test
    void takesUpAClientsTransferAfterARestart() throws Exception {
        say("dataSender.look", this::later);
        say("dataSender.lookComplete", this::later);
        Deal deal = run(Role.CLIENT, DealState.TRANSFERRING);
        store.signal(deal.proposalCid(), Role.CLIENT, one -> one, DealEvent.RESTART);
        say("clientTracker.lookEnd", this::later);
        say("dataSender.look", one -> one);
        awaited(deal, DealState.ACTIVE);
        assertThat(path(deal)).isEqualTo("21 12 16 30 17 28 17 13 3 29 5 7");
    }

    @Test
    void waitsForTheClientAfterAProvidersRestart() throws Exception {
        say("transferWatcher.look", this::later);
        Deal deal = run(Role.PROVIDER, DealState.TRANSFERRING);
        store.signal(deal.proposalCid(), Role.PROVIDER, one -> one, DealEvent.RESTART);
        say("providerTracker.lookEnd", this::later);
        say("transferWatcher.look", one -> one);
        awaited(deal, DealState.ACTIVE);
        assertThat(path(deal)).isEqualTo("14 15 18 17 27 17 19 20 24 25 4 29 6 7");
    }
}
