package io.caravan.scenario;

import static io.caravan.model.DealState.ACTIVE;
import static io.caravan.model.DealState.PUBLISH;
import static io.caravan.model.DealState.TRANSFERRING;
import static io.caravan.model.DealState.VERIFY_DATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.node.cli.Cli;
import io.caravan.node.cli.Terminal;
import io.caravan.support.Await;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator says to deals at the terminal, and what becomes of it on both sides. The miner publishes on demand and speaks TLS. */
class OperatorVerbsIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    static World world;

    private record Said(int code, String out, String err) {

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @BeforeAll
    static void start() {
        world = World.with().set("miner.tls", "on").set("miner.publish.period", "1h").set("miner.ask.price", "500000000 attoFIL").start();
    }

    @AfterAll
    static void end() {
        if (world != null) {
            world.close();
        }
    }

    private static Said say(Side side, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--home", side.home().root().toString()));
        if (side == world.miner()) {
            line.add("--miner");
        }
        int code = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false), line.toArray(String[]::new));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static String shown(String deal) {
        var out = new ByteArrayOutputStream();
        Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8), System.err, false), "show", deal, "--home",
                world.miner().home().root().toString());
        return out.toString(StandardCharsets.UTF_8);
    }

    private static void refused(String reason, Side side, String... words) {
        Said said = say(side, words);
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains(reason);
    }

    @Test
    void aMinerByTlsIsReachedByItsHomeFolderAndTheDaemonGoesOnAsBefore() throws Exception {
        Path miner = world.miner().home().of("miner");
        assertThat(miner.resolve("api")).content().endsWith("/https");
        assertThat(miner.resolve("api.pem")).hasSameBinaryContentAs(miner.resolve("tls/cert.pem"));
        assertThat(world.daemon().home().of("daemon").resolve("api")).content().endsWith("/http");
        Said link = say(world.miner(), "login", "--json");
        assertThat(link.code()).as(link.err()).isZero();
        URI page = URI.create(link.json().path("url").asText());
        assertThat(page.getScheme()).isEqualTo("https");
        HttpRequest post = HttpRequest.newBuilder(page.resolve("/login")).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"code\":\"" + page.getFragment() + "\"}")).build();
        assertThatThrownBy(() -> HttpClient.newHttpClient().send(post, HttpResponse.BodyHandlers.ofString()))
                .as("nobody vouches for its certificate").isInstanceOf(SSLException.class);
        HttpResponse<String> in = HttpClient.newBuilder().sslContext(trusting(miner.resolve("api.pem"))).build()
                .send(post, HttpResponse.BodyHandlers.ofString());
        assertThat(in.statusCode()).isEqualTo(200);
        assertThat(in.headers().firstValue("Set-Cookie").orElseThrow()).endsWith("; SameSite=Strict; Secure");
        assertThat(in.headers().firstValue("Strict-Transport-Security")).isPresent();
        assertThat(say(world.daemon(), "deals", "--json").code()).isZero();
    }

    /** As whoever was given that file does: by the ordinary rules, with the names that stand in the certificate. */
    private static SSLContext trusting(Path file) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            trusted.setCertificateEntry("miner", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }

    @Test
    void aCancelledTransferEndsOnBothSides() {
        world.libp2p().throttle(200_000);
        try {
            String deal = world.deal(3_000_000);
            world.awaitBoth(deal, TRANSFERRING);
            refused("nobody is here to confirm it, add --yes", world.daemon(), "deals", "cancel", deal);
            refused("OP6 still-needed", world.daemon(), "deals", "release-funds", deal, "--yes");
            Said said = say(world.daemon(), "deals", "cancel", deal, "--yes", "--reason", "wrong file");
            assertThat(said.code()).as(said.err()).isZero();
            world.awaitError(deal);
            assertThat(world.daemon().message(deal)).isEqualTo("data transfer cancelled");
            assertThat(world.miner().message(deal)).contains("cancelled");
            Said history = say(world.daemon(), "deals", "history", deal, "--json");
            assertThat(history.json()).hasSize(2);
            assertThat(history.json().path(1).path("reason").asText()).isEqualTo("wrong file");
            refused("OP2 has-ended", world.daemon(), "deals", "cancel", deal, "--yes");
            world.checkG(deal);
        } finally {
            world.libp2p().restore();
        }
    }

    @Test
    void aDealThatWaitsToBePublishedIsCancelledAtTheMiner() {
        String deal = world.deal(20_000);
        world.await(world.miner(), deal, PUBLISH);
        refused("OP3 not-before-publish: the miner has the data", world.daemon(), "deals", "cancel", deal, "--yes");
        Said said = say(world.miner(), "deals", "cancel", deal, "--yes", "--json");
        assertThat(said.code()).as(said.err()).isZero();
        world.awaitError(deal);
        assertThat(world.daemon().message(deal)).contains("cancelled by an operator");
        assertThat(world.miner().count("publish_queue WHERE proposal_cid = '" + deal + "'")).isZero();
        world.checkG(deal);
    }

    @Test
    void aRewoundDealGoesItsWayAgainAndIsPublishedOnce() {
        String deal = world.deal(30_000);
        world.await(world.miner(), deal, PUBLISH);
        assertThat(shown(deal)).contains("waits on", "gives up", "routes/miner/6-publish");
        refused("OP4 no-such-rewind", world.miner(), "deals", "rewind", deal, "--to", "Staged", "--yes");
        refused("OP5 no-such-state", world.miner(), "deals", "rewind", deal, "--to", "Nowhere", "--yes");
        Said said = say(world.miner(), "deals", "rewind", deal, "--to", "VerifyData", "--yes");
        assertThat(said.code()).as(said.err()).isZero();
        // It was in Publish before: what is asked of it now is asked when it is there again.
        Await.until(() -> "verified twice, and to be published again\n" + world.story(deal), LIMIT, () -> world.miner().state(deal) == PUBLISH
                && world.miner().path(deal).stream().filter(VERIFY_DATA::equals).count() == 2);
        assertThat(say(world.miner(), "deals", "retry", deal).code()).isZero();
        world.miner().call("MarketPublishPendingDeals");
        world.awaitActive(deal);
        refused("OP3 not-before-publish", world.miner(), "deals", "cancel", deal, "--yes");
        refused("OP3 not-before-publish", world.daemon(), "deals", "fail", deal, "--yes");
        assertThat(say(world.miner(), "deals", "rewind", deal, "--to", "Finalizing", "--yes").code()).isZero();
        world.await(world.miner(), deal, ACTIVE);
        assertThat(world.daemon().call("Caravan.Deal", Map.of("/", deal)).path("operations")).hasSize(1);
        assertThat(world.miner().count("deal_operation WHERE outcome = 'done' AND proposal_cid = '" + deal + "'")).as("rewind, retry, publish now, rewind").isEqualTo(4);
        world.checkG(deal);
    }
}
