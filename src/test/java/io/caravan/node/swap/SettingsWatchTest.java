package io.caravan.node.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.node.config.ConfigException;
import io.caravan.node.config.Live;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.node.config.SettingsLoader;
import io.caravan.node.net.Finding;
import io.caravan.store.RouteBook.Swap;
import io.caravan.store.RouteBook.Verdict;
import io.caravan.support.Await;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A file of settings changes while its role runs. */
class SettingsWatchTest {

    private static final Duration BOUND = Duration.ofSeconds(20);

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path root;
    private Path file;
    private Stage stage;
    private LiveSettings live;
    private Live<Long> limit;
    private Live<Duration> publish;
    private final List<Long> taken = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        POSTGRES.database().sql().write("test/empty", Map.of());
        file = root.resolve("caravan.properties");
        Files.writeString(file, "miner.accept.max-deals = 7\n");
        Settings settings = new SettingsLoader().file(file).overrides(Map.of("chain.url", "http://127.0.0.1:1/"), "test").load();
        stage = new Stage(POSTGRES, Stage.folder(root.resolve("routes"), Stage.phase("one")));
        live = new LiveSettings(settings);
        limit = live.of(now -> now.number("miner.accept.max-deals", 0, 1000));
        limit.onChange(taken::add);
        publish = live.of(now -> now.duration("miner.publish.period"));
        SettingsWatch watch = new SettingsWatch("miner", live, stage.book, now -> now.number("miner.accept.max-deals", 0, 500));
        stage.start(watch);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private Swap changed(String text) throws IOException {
        int before = stage.book.swaps(null, null, 100).size();
        Files.writeString(file, text);
        Await.until("it is judged", BOUND, () -> stage.book.swaps(null, null, 100).size() > before
                && stage.book.swaps(null, null, 1).get(0).verdict() != Verdict.UNDERWAY);
        return stage.book.swaps(null, null, 1).get(0);
    }

    @Test
    void aLimitIsTakenAtOnceAndWrittenDown() throws IOException {
        Swap swap = changed("miner.accept.max-deals = 9\n");
        assertThat(swap.verdict()).isEqualTo(Verdict.TAKEN);
        assertThat(swap.file()).isEqualTo(file.toString());
        assertThat(swap.diff()).isEqualTo("-miner.accept.max-deals = 7\n+miner.accept.max-deals = 9\n");
        assertThat(taken).containsExactly(9L);
        assertThat(limit.get()).isEqualTo(9L);
    }

    @Test
    void severalValuesAreTakenTogetherOrNotAtAll() throws IOException {
        assertThat(changed("miner.accept.max-deals = 8\nminer.publish.period = soon\n").reason())
                .isEqualTo("miner.publish.period = soon (" + file + ") is not a duration such as 250ms, 30s, 5m or 1h");
        assertThat(limit.get()).isEqualTo(7L);
        assertThat(changed("miner.accept.max-deals = 600\nminer.publish.period = 5s\n").reason()).contains("must lie between 0 and 500");
        assertThat(publish.get()).isEqualTo(Duration.ofHours(1));
        assertThat(changed("miner.accept.max-deals = 8\nminer.publish.period = 5s\n").verdict()).isEqualTo(Verdict.TAKEN);
        assertThat(limit.get()).isEqualTo(8L);
        assertThat(publish.get()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void whatSomebodyCannotUseIsTakenBackEverywhere() throws IOException {
        limit.onChange(now -> {
            if (now == 13) {
                throw new IllegalStateException("not thirteen");
            }
        });
        Swap swap = changed("miner.accept.max-deals = 13\nminer.accept.delay = 7s\nminer.publish.period = 5s\n");
        assertThat(swap.verdict()).isEqualTo(Verdict.ROLLED_BACK);
        assertThat(swap.reason()).isEqualTo("not thirteen");
        assertThat(limit.get()).isEqualTo(7L);
        assertThat(publish.get()).isEqualTo(Duration.ofHours(1));
        assertThat(stage.placeholders.getProperty("miner.accept.delay")).isEqualTo("1000");
        assertThat(stage.context.getRoute("StorageDealValidating").getEndpoint().getEndpointUri()).contains("delay=1000");
        assertThat(taken).containsExactly(13L, 7L);
    }

    @Test
    void whatIsOfTheOtherRoleIsItsOwnAffair() throws IOException {
        Files.writeString(file, "miner.accept.max-deals = 7\ndaemon.status.every = 9s\n");
        Await.until("it is read", BOUND, () -> live.now().duration("daemon.status.every").equals(Duration.ofSeconds(9)));
        assertThat(changed("miner.accept.max-deals = 7\ndaemon.status.every = 8s\nsealing.lotus.settle = 7m\n").reason())
                .isEqualTo("sealing.lotus.settle (nothing here goes by it) takes effect at the next start");
        assertThat(stage.book.swaps(file.toString(), null, 10)).hasSize(1);
    }

    @Test
    void aWrongValueIsRefusedWithItsSentenceAndTheOldOneHolds() throws IOException {
        Swap swap = changed("miner.accept.max-deals = many\nminer.accept.delay = 5s\n");
        assertThat(swap.verdict()).isEqualTo(Verdict.REFUSED);
        assertThat(swap.reason()).isEqualTo("miner.accept.max-deals = many (" + file + ") is not a whole number");
        assertThat(changed("miner.accept.maxdeals = 9\n").reason())
                .isEqualTo("miner.accept.maxdeals in " + file + " is not a known setting; the nearest is miner.accept.max-deals");
        assertThat(taken).isEmpty();
        assertThat(stage.placeholders.getProperty("miner.accept.delay")).isEqualTo("100");
    }

    @Test
    void aValueThatIsNotTakenIsToldByHealthUntilTheFileIsMended() throws IOException {
        assertThat(stage.settings.findings()).singleElement().extracting(Finding::level).isEqualTo(Finding.Level.OK);
        changed("miner.accept.max-deals = many\n");
        assertThat(stage.settings.findings()).singleElement().satisfies(finding -> {
            assertThat(finding.level()).isEqualTo(Finding.Level.WARN);
            assertThat(finding.sentence()).isEqualTo("miner.accept.max-deals = many (" + file + ") is not a whole number: what was set before holds");
            assertThat(finding.fix()).contains("check-config");
        });
        Files.writeString(file, "miner.accept.max-deals = 7\n"); // as it was
        Await.until("health has nothing to say", BOUND, () -> stage.settings.findings().get(0).level() == Finding.Level.OK);
        changed("miner.accept.max-deals = several\n");
        changed("miner.accept.max-deals = 9\n");
        assertThat(stage.settings.findings()).singleElement().extracting(Finding::level).isEqualTo(Finding.Level.OK);
    }

    @Test
    void whatARouteNamesBuildsItAnew() throws IOException {
        Swap swap = changed("miner.accept.max-deals = 7\nminer.accept.delay = 7s\n");
        assertThat(swap.verdict()).isEqualTo(Verdict.TAKEN);
        assertThat(stage.context.getRoute("StorageDealValidating").getEndpoint().getEndpointUri()).contains("delay=7000");
        assertThat(taken).isEmpty();
    }

    @Test
    void whatCannotChangeNowSaysSoAndSecretsAreNotShown() throws IOException {
        Swap swap = changed("miner.accept.max-deals = 7\nminer.port = 4000\nchain.token = abc\n");
        assertThat(swap.verdict()).isEqualTo(Verdict.NEXT_START);
        assertThat(swap.reason()).isEqualTo("chain.token (the way to the chain is opened once), miner.port (the port is opened once) take effect at the next start");
        assertThat(swap.diff()).contains("+chain.token = (not shown)").doesNotContain("abc");
    }

    @Test
    void aValueByWhichARouteDoesNotStartIsTakenBack() throws IOException {
        Swap swap = changed("miner.accept.max-deals = 9\nminer.accept.delay = soon\n");
        assertThat(swap.verdict()).isEqualTo(Verdict.ROLLED_BACK);
        assertThat(stage.placeholders.getProperty("miner.accept.delay")).isEqualTo("100");
        assertThat(stage.runs("StorageDealValidating")).isEqualTo("one");
        assertThat(taken).isEmpty();
    }

    @Test
    void whatARouteAtWorkNamesIsTakenWhenThatHasEnded() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        stage.rules.script.put("check", deal -> {
            begun.countDown();
            awaited(end);
            return deal;
        });
        stage.write("miner/9-busy.camel.yaml", """
                - route:
                    id: tick-busy
                    description: Work for long.
                    group: miner-own
                    from:
                      uri: timer:busy
                      parameters:
                        period: "{{miner.accept.delay}}"
                      steps:
                        - to:
                            uri: bean:proposalRules?method=check
                """);
        awaited(begun);
        Await.until("the route is written down", BOUND, () -> stage.book.swaps("miner/9-busy.camel.yaml", null, 1).stream()
                .anyMatch(swap -> swap.verdict() == Verdict.TAKEN));
        assertThat(changed("miner.accept.max-deals = 9\nminer.accept.delay = 7s\n").reason()).contains("tick-busy is at work");
        assertThat(stage.placeholders.getProperty("miner.accept.delay")).isEqualTo("100");
        assertThat(taken).isEmpty();
        end.countDown();
        Await.until("all of it is taken", BOUND, () -> stage.book.swaps(file.toString(), null, 1).get(0).verdict() == Verdict.TAKEN);
        assertThat(taken).containsExactly(9L);
        assertThat(stage.context.getRoute("StorageDealValidating").getEndpoint().getEndpointUri()).contains("delay=7000");
        assertThat(stage.book.swaps(file.toString(), null, 10)).extracting(Swap::verdict).containsExactly(Verdict.TAKEN, Verdict.REFUSED);
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theSameSettingsAreReadAgain() {
        Settings once = new SettingsLoader().file(file).load();
        assertThat(once.again().differingFrom(once)).isEmpty();
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> new SettingsLoader().overrides(Map.of("x.y", "1"), "test").load())
                .isInstanceOf(ConfigException.class);
    }
}
