package io.caravan.node.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.node.cli.RoleSettings;
import io.caravan.node.config.ConfigException;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcTransportException;
import io.caravan.rpc.ServerConfig;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A role's port by TLS, and what it needs before it opens to a network. */
@Timeout(60)
class TlsTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    private Path home;
    @TempDir
    private Path other;

    private GateWorld world(Map<String, String> settings) {
        return new GateWorld(POSTGRES.database().sql(), SettableClock.at(Instant.parse("2026-01-01T00:00:00Z")), home, settings);
    }

    @Test
    void aRoleSignsItsOwnCertificateAndItsHomeFolderTrustsThatOnly() throws IOException {
        try (GateWorld world = world(Map.of("miner.tls", "on"))) {
            Path certificate = home.resolve("tls/cert.pem");
            ApiInfo.write(home, world.server.address(), world.admin, certificate);
            assertThat(home.resolve("api")).content().endsWith("/https");
            try (RpcClient client = new RpcClient(ApiInfo.read(home, 1))) {
                assertThat(client.endpoint().getScheme()).isEqualTo("https");
                assertThat(client.call("Test.Admin").asText()).isEqualTo("token home");
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.resolve("tls/key.pem")))).isEqualTo("rw-------");
            Files.copy(OwnCertificate.in(other, Set.of()).certificate(), home.resolve("api.pem"), StandardCopyOption.REPLACE_EXISTING);
            try (RpcClient client = new RpcClient(ApiInfo.read(home, 1))) {
                assertThatThrownBy(() -> client.call("Test.Admin")).isInstanceOf(RpcTransportException.class)
                        .hasMessageContaining("another certificate");
            }
        }
    }

    @Test
    void theNextStartUsesTheSameCertificate() throws IOException {
        ServerConfig.Tls first = OwnCertificate.in(home, Set.of("miner.example", "192.0.2.1"));
        String content = Files.readString(first.certificate());
        assertThat(OwnCertificate.in(home, Set.of()).certificate()).content().isEqualTo(content);
    }

    @Test
    void aRenewedCertificateIsUsedWithoutARestartAndABrokenOneIsNot() throws Exception {
        ServerConfig.Tls old = OwnCertificate.in(home.resolve("a"), Set.of());
        ServerConfig.Tls renewed = OwnCertificate.in(home.resolve("b"), Set.of());
        try (GateWorld world = world(Map.of("miner.tls", "on", "miner.tls.certificate", old.certificate().toString(),
                "miner.tls.key", old.key().toString()))) {
            var changed = new java.util.concurrent.CountDownLatch(1);
            world.server.onCertificate(changed::countDown);
            ApiInfo.write(other, world.server.address(), world.admin, renewed.certificate());
            Files.writeString(old.certificate(), "not a certificate");
            Files.copy(renewed.key(), old.key(), StandardCopyOption.REPLACE_EXISTING);
            Files.copy(renewed.certificate(), old.certificate(), StandardCopyOption.REPLACE_EXISTING);
            assertThat(changed.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
            try (RpcClient client = new RpcClient(ApiInfo.read(other, 1))) {
                assertThat(client.call("Test.Admin").asText()).isEqualTo("token home");
            }
        }
    }

    @Test
    void plainHttpGetsNothingOutOfATlsPort() throws IOException {
        try (GateWorld world = world(Map.of("miner.tls", "on")); Socket socket = new Socket("127.0.0.1", world.port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write("GET /login HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            byte[] answer = socket.getInputStream().readNBytes(4096);
            assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP", "Caravan");
        }
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', value = {
        "miner.listen|0.0.0.0|opens the miner to the network without TLS",
        "daemon.listen|192.0.2.9|daemon.tls.optional = true",
        "devnet.listen|::|opens the devnet to the network",
        "miner.tls|maybe|must be on or off",
        "miner.tls.certificate|/x/cert.pem|certificate and key go together",
        "caravan.rpc.max-body|1KiB|must lie between"})
    void whatIsWrongIsSaidBeforeAnythingStarts(String key, String value, String sentence) {
        var settings = RoleSettings.load(home, Map.of(key, value));
        assertThatThrownBy(() -> {
            PortSettings.check("miner", settings);
            PortSettings.check("daemon", settings);
            PortSettings.requireLoopback("devnet", settings, "devnet.listen = 127.0.0.1");
        }).isInstanceOf(ConfigException.class).hasMessageContaining(sentence);
    }

    @Test
    void anOperatorMaySayThatSomethingElseProtectsIt() {
        for (Map<String, String> fine : List.of(Map.of("miner.listen", "0.0.0.0", "miner.tls", "on"),
                Map.of("miner.listen", "0.0.0.0", "miner.tls.optional", "true"), Map.of("miner.listen", "::1"))) {
            PortSettings.check("miner", RoleSettings.load(home, fine));
        }
    }

    @Test
    void missingFilesAreNamed() {
        var settings = RoleSettings.load(home, Map.of("miner.tls", "on", "miner.tls.certificate", "/nowhere/cert.pem",
                "miner.tls.key", "/nowhere/key.pem"));
        assertThatThrownBy(() -> PortSettings.check("miner", settings)).hasMessageContaining("/nowhere/cert.pem");
    }
}
