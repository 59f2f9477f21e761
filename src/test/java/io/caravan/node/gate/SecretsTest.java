package io.caravan.node.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.Settings;
import io.caravan.rpc.Caller;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcTransportException;
import io.caravan.store.Database;
import io.caravan.store.DatabaseAddress;
import io.caravan.support.FreePort;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Whoever reads logs, errors and settings learns no secret, however much is logged. */
@Timeout(60)
class SecretsTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final String DATABASE_PASSWORD = "db-secret-hunter2-hunter2";
    private static final String CHAIN_TOKEN = "chain-secret-abcdef0123456789";

    @TempDir
    private Path home;
    private final Log log = new Log();

    /** All that is logged, with the traces of failures. */
    private static final class Log extends AbstractAppender {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        Log() {
            super("all", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            StringBuilder line = new StringBuilder(event.getMessage().getFormattedMessage());
            for (Throwable cause = event.getThrown(); cause != null; cause = cause.getCause()) {
                line.append('\n').append(cause);
            }
            lines.add(line.toString());
        }
    }

    @BeforeEach
    void listen() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        log.start();
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        LoggerConfig root = context.getConfiguration().getRootLogger();
        List.copyOf(root.getAppenders().keySet()).forEach(root::removeAppender); // nobody wants to read all of it
        root.addAppender(log, Level.ALL, null);
        List.of("io.caravan", "com.zaxxer", "org.springframework", "org.postgresql", "org.flywaydb").forEach(name -> Configurator.setLevel(name, Level.TRACE));
    }

    @AfterEach
    void deaf() {
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        context.getConfiguration().getRootLogger().removeAppender("all");
        ((LoggerContext) LogManager.getContext(false)).reconfigure();
    }

    @Test
    void nothingThatCallersShowIsLogged() {
        List<String> secrets = new ArrayList<>();
        try (GateWorld world = new GateWorld(POSTGRES.database().sql(), SettableClock.at(Instant.parse("2026-01-01T00:00:00Z")), home, Map.of())) {
            secrets.add(world.admin);
            secrets.add(GateWorld.PASSWORD);
            world.desk.addAccount("bob", GateWorld.PASSWORD, world.all(), Caller.itself());
            String cookie = GateWorld.cookie(world.login("{\"name\":\"bob\",\"password\":\"" + GateWorld.PASSWORD + "\"}"));
            secrets.add(cookie.split("=", 2)[1]);
            secrets.add("a-wrong-password-of-somebody");
            world.login("{\"name\":\"bob\",\"password\":\"a-wrong-password-of-somebody\"}");
            String code = world.desk.link("carol", Set.copyOf(world.all())).code();
            secrets.add(code);
            world.login("{\"code\":\"" + code + "\"}");
            world.login("{\"code\":\"" + code + "\"}");
            secrets.add("half-a-password");
            world.login("{\"name\":\"bob\",\"password\":\"half-a-password");
            secrets.add("eyJ-a-token-of-nobody");
            world.call("Test.Read", "Authorization", "Bearer eyJ-a-token-of-nobody.x.y");
            world.send("POST", "/rpc/v1?token=eyJ-a-token-of-nobody.x.y", "{}");
            world.call("Test.Read", "Cookie", cookie, "Origin", "http://evil.example");
            world.call("Test.Read", "Authorization", "Bearer " + world.admin);
            try (RpcClient admin = new RpcClient(URI.create(world.base() + "/rpc/v1"), world.admin)) {
                secrets.add(admin.call("Caravan.TokenNew", "x", List.of("read"), null).path("token").asText());
                secrets.add("tiny");
                assertThatThrownBy(() -> admin.call("Caravan.AccountAdd", "dora", "tiny", List.of("read"))).hasMessageNotContaining("tiny");
            }
            world.send("POST", "/logout", "{}", "Cookie", cookie, "Origin", world.base(), "Content-Type", "application/json");
        }
        assertThat(log.lines).hasSizeGreaterThan(10).anyMatch(line -> line.contains("bob signed in"))
                .noneMatch(line -> secrets.stream().anyMatch(line::contains));
    }

    @Test
    void aDatabaseThatIsAwayTellsNoPassword() {
        for (DatabaseAddress away : List.of(
                new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + FreePort.take() + "/x", "caravan", DATABASE_PASSWORD),
                new DatabaseAddress(POSTGRES.address().url().replaceAll("\\?.*", "") + "?password=" + DATABASE_PASSWORD, "nobody", ""))) {
            assertThatThrownBy(() -> Database.bare(away, "away").close()).satisfies(e -> {
                for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                    assertThat(cause.toString()).doesNotContain(DATABASE_PASSWORD);
                }
            });
        }
        assertThatThrownBy(() -> new DatabaseAddress("jdbc:mysql://x?password=" + DATABASE_PASSWORD, "", ""))
                .hasMessageNotContaining(DATABASE_PASSWORD);
        assertThat(log.lines).isNotEmpty().noneMatch(line -> line.contains(DATABASE_PASSWORD));
    }

    @Test
    void settingsShowTheirSecretsToNobody() {
        Settings settings = RoleSettings.load(home, Map.of("caravan.db.password", DATABASE_PASSWORD, "chain.token", CHAIN_TOKEN,
                "caravan.db.url", "jdbc:postgresql://h/x?password=" + DATABASE_PASSWORD));
        for (String key : List.of("caravan.db.password", "chain.token", "caravan.db.url")) {
            assertThat(settings.wrong(key, "is wrong")).hasMessageContaining(key).hasMessageNotContaining(DATABASE_PASSWORD)
                    .hasMessageNotContaining(CHAIN_TOKEN);
        }
        assertThat(settings.placeholders()).doesNotContainKeys("caravan.db.password", "chain.token", "sealing.lotus.token")
                .doesNotContainValue(CHAIN_TOKEN);
    }

    @Test
    void aChainNodeThatIsAwayIsNamedWithoutWhatGetsUsIn() {
        URI away = URI.create("http://user:" + CHAIN_TOKEN + "@127.0.0.1:" + FreePort.take() + "/rpc/v1");
        try (RpcClient client = new RpcClient(away, CHAIN_TOKEN)) {
            assertThatThrownBy(() -> client.call("Filecoin.ChainHead")).isInstanceOf(RpcTransportException.class)
                    .hasMessageContaining("127.0.0.1").hasMessageNotContaining(CHAIN_TOKEN);
        }
    }
}
