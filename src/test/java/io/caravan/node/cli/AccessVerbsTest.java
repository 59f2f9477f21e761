package io.caravan.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.node.cli.StandInRole.Said;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The verbs that say who may call: what they ask of the role, what they print, and how they end. */
@Timeout(60)
class AccessVerbsTest {

    private static final String LINK = """
            {"url":"http://127.0.0.1:2345/login#code","address":"http://127.0.0.1:2345","name":"kim","until":"2026-01-01T00:05:00Z"}""";
    private static final String ACCOUNTS = """
            [{"name":"kim","rights":"read,write","madeBy":"token home","made":"2026-01-01T00:00:00Z","passwordSet":"2026-01-02T00:00:00Z"}]""";
    private static final String TOKENS = """
            [{"id":"0a1b","name":"grafana","rights":"read","madeBy":"kim","made":"2026-01-01T00:00:00Z","expires":"","revoked":""}]""";
    private static final String LISTS = """
            {"Peers":["12D3peer"],"IPAddrs":["192.0.2.7"],"IPSubnets":["10.0.0.0/8"]}""";
    private static final String NONE = """
            {"Peers":[],"IPAddrs":[],"IPSubnets":[]}""";

    @TempDir
    private Path home;
    private final InputStream input = System.in;
    private StandInRole miner;

    @BeforeEach
    void start() {
        miner = new StandInRole(home, "miner");
    }

    @AfterEach
    void stop() {
        System.setIn(input);
        miner.close();
    }

    private Said say(String... words) {
        return StandInRole.say(home, words);
    }

    private Said done(String... words) {
        Said said = say(words);
        assertThat(said.code()).as(said.err()).isZero();
        return said;
    }

    private void refused(int code, String reason, String... words) {
        Said said = say(words);
        assertThat(said.code()).as(said.err()).isEqualTo(code);
        assertThat(said.out()).isEmpty();
        assertThat(said.err()).contains(reason);
    }

    private static void typed(String line) {
        System.setIn(new ByteArrayInputStream((line + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void wordsFromElsewhereSteerNoTerminal() {
        miner.answers("Caravan.Tokens", 0, TOKENS.replace("grafana", "gra\\u001b[2Jfana\\u009b"));
        assertThat(done("tokens", "list").out()).contains("gra?[2Jfana?");
        miner.answers("Caravan.TokenRevoke", 1, "refused: no \u001b]0;such token\r");
        assertThat(say("tokens", "revoke", "x").err()).contains("no ?]0;such token");
    }

    @Test
    void loginPrintsTheLinkAndForHowLongItWorks() {
        miner.answers("Caravan.LoginLink", 1, LINK);
        assertThat(done("login", "--as", "kim").out()).startsWith("http://127.0.0.1:2345/login#code").contains("works once", "five minutes");
        assertThat(miner.asked()).last().isEqualTo("LoginLink[\"kim\"]");
        var json = done("login", "--json").json();
        assertThat(json.path("url").asText()).endsWith("#code");
        assertThat(json.toString()).contains("2026-01-01T00:05:00Z");
        assertThat(miner.asked()).last().isEqualTo("LoginLink[\"" + LoginVerb.userName() + "\"]");
        refused(2, "not both", "login", "--daemon", "--miner");
        refused(1, "the daemon is not running", "login", "--daemon");
    }

    @Test
    void loginAsksTheDaemonWhereOnlyThatRuns() {
        miner.goes();
        try (StandInRole daemon = new StandInRole(home, "daemon").answers("Caravan.LoginLink", 1, LINK)) {
            done("login");
            assertThat(daemon.asked()).hasSize(1);
        }
    }

    @Test
    void anAccountsPasswordComesByTheInputAndIsNotShown() {
        miner.answers("Caravan.AccountAdd", 3, "{\"name\":\"kim\"}").answers("Caravan.AccountPassword", 2, "{\"name\":\"kim\"}")
                .answers("Caravan.AccountRemove", 1, "refused: there is no account kim: see ./caravan accounts list")
                .answers("Caravan.Accounts", 0, ACCOUNTS);
        typed("correct horse");
        Said added = done("accounts", "add", "kim", "--rights", "read,write");
        assertThat(added.out()).contains("kim signs in at http://127.0.0.1:", "/login").doesNotContain("horse");
        assertThat(miner.asked()).last().isEqualTo("AccountAdd[\"kim\", \"correct horse\", [\"read\",\"write\"]]");
        typed("battery staple");
        assertThat(done("accounts", "password", "kim").out()).contains("another password").doesNotContain("staple");
        assertThat(miner.asked()).last().isEqualTo("AccountPassword[\"kim\", \"battery staple\"]");
        assertThat(done("accounts", "list").out()).contains("kim", "read,write", "token home");
        assertThat(done("accounts", "list", "--json").json()).hasSize(1);
        refused(2, "there is no account kim", "accounts", "remove", "kim");
        refused(2, "list, add, remove or password", "accounts");
        refused(2, "Unknown option", "accounts", "add", "kim", "--password", "seen by everybody");
    }

    @Test
    void aTokenIsPrintedAloneSoThatAFileTakesIt() {
        miner.answers("Caravan.TokenNew", 3, "{\"token\":\"a.b.c\",\"id\":\"0a1b\"}").answers("Caravan.Tokens", 0, TOKENS)
                .answers("Caravan.TokenRevoke", 1, "2");
        assertThat(done("tokens", "new", "--name", "grafana", "--expires", "90d").out().strip()).isEqualTo("a.b.c");
        assertThat(miner.asked()).last().isEqualTo("TokenNew[\"grafana\", [\"read\"], 7776000]");
        done("tokens", "new", "--name", "grafana");
        assertThat(miner.asked()).last().isEqualTo("TokenNew[\"grafana\", [\"read\"], null]");
        refused(2, "soon is no time", "tokens", "new", "--name", "grafana", "--expires", "soon");
        refused(2, "--name", "tokens", "new");
        assertThat(done("tokens", "list").out()).contains("0a1b", "grafana", "never", "-");
        assertThat(done("tokens", "revoke", "grafana").out()).contains("revoked: 2");
        assertThat(done("tokens", "revoke", "grafana", "--json").json().path("revoked").asInt()).isEqualTo(2);
    }

    @Test
    void whomLibp2pKeepsAwayAndWhomAloneItDealsWithIsSortedByKind() {
        miner.answers("Filecoin.NetBlockAdd", 1, "null").answers("Filecoin.NetBlockRemove", 1, "null").answers("Filecoin.NetBlockList", 0, LISTS)
                .answers("Caravan.NetAllowAdd", 1, "null").answers("Caravan.NetAllowList", 0, NONE);
        Said blocked = done("net", "block", "add", "12D3peer", "192.0.2.7", "10.0.0.0/8");
        assertThat(miner.asked()).contains("NetBlockAdd[{\"Peers\":[\"12D3peer\"],\"IPAddrs\":[\"192.0.2.7\"],\"IPSubnets\":[\"10.0.0.0/8\"]}]");
        assertThat(blocked.out()).contains("peer", "12D3peer", "address", "192.0.2.7", "network", "10.0.0.0/8");
        done("net", "block", "remove", "2001:db8::1");
        assertThat(miner.asked()).contains("NetBlockRemove[{\"Peers\":[],\"IPAddrs\":[\"2001:db8::1\"],\"IPSubnets\":[]}]");
        assertThat(done("net", "allow").out()).contains("everybody may connect");
        assertThat(done("net", "allow", "add", "10.0.0.0/8", "--json").json().path("Peers")).isEmpty();
        refused(2, "add or remove and whom", "net", "block", "add");
        refused(2, "add or remove and whom", "net", "allow", "list", "10.0.0.0/8");
    }
}
