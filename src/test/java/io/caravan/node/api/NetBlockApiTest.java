package io.caravan.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.crypto.PrivKey;
import io.caravan.libp2p.PeerFilter;
import io.caravan.libp2p.Deadlines;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Limits;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerUnreachableException;
import io.caravan.libp2p.Subnet;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.node.config.Live;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.node.config.SettingsLoader;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.store.NetBlocks;
import io.caravan.support.Await;
import io.caravan.support.TestPostgres;
import io.caravan.support.TwoHosts;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The methods that keep peers away, on a real host and real rows; and those about the process. */
@Tag("db")
@Timeout(60)
class NetBlockApiTest {

    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final Duration SOON = Duration.ofSeconds(10);

    private final NetBlocks rows = new NetBlocks(POSTGRES.database().sql(), Clock.systemUTC());
    private final NetBlocks allows = NetBlocks.allowed(POSTGRES.database().sql(), Clock.systemUTC());
    private final PeerFilter filter = new PeerFilter();
    private final List<String> said = new ArrayList<>();
    private Host ours;
    private Host other;
    private RpcServer server;
    private RpcClient admin;
    private RpcClient reader;

    private final LiveSettings live = new LiveSettings(denying("192.0.2.0/24"));
    private final Live<List<NetBlocks.Line>> denied = live.of(now -> now.optional("miner.libp2p.deny").map(NetBlockApi::lines).orElse(List.of()));
    private final Live<List<NetBlocks.Line>> nobody = live.of(now -> List.of());

    private static Settings denying(String list) {
        return new SettingsLoader().overrides(Map.of("miner.libp2p.deny", list), "test").load();
    }

    @Test
    void aChangedListOfTheSettingsCountsAtOnceAndLeavesAloneWhatPeopleBlocked() throws Exception {
        String enemy = somebody();
        admin.call("Filecoin.NetBlockAdd", list(List.of(enemy), List.of(), List.of()));
        connectFromThere();
        Await.until("the connection", SOON, () -> !ours.connections().isEmpty());
        live.use(denying(other.peerId().toString()));
        Await.until("whom the setting refuses is let go", SOON, () -> ours.connections().isEmpty());
        assertThatThrownBy(this::connectFromHere).isInstanceOf(PeerUnreachableException.class).hasMessageContaining("blocked here");
        assertThat(filter.refuses(InetAddress.getByName("192.0.2.9"))).as("what the setting named before").isFalse();
        live.use(denying(""));
        connectFromHere();
        assertThat(filter.refuses(PeerId.parse(enemy))).isTrue();
    }

    @BeforeEach
    void start() {
        POSTGRES.database().sql().write("test/empty", Map.of());
        ours = Host.builder().key(PrivKey.generate(new SecureRandom())).clock(Clock.systemUTC()).listen("/ip4/127.0.0.1/tcp/0")
                .filter(filter).start();
        other = TwoHosts.host(Limits.DEFAULT, Deadlines.DEFAULT);
        Tokens tokens = Tokens.ofSecret(new byte[32]);
        MethodTable methods = new MethodTable();
        methods.errors(new ApiErrors());
        ApiJson json = new ApiJson(Network.TESTNET);
        NetBlockApi api = new NetBlockApi(json, ours, new NetBlockApi.Lists(rows, allows, denied, nobody, filter));
        api.register(methods);
        denied.onChange(lines -> api.settingsChanged());
        new ProcessApi(json, (logger, level) -> said.add(logger + "=" + level), () -> said.add("end")).register(methods);
        server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of(), ModelJson.module(Network.TESTNET));
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + "/rpc/v0");
        admin = new RpcClient(uri, tokens.issue(Arrays.asList(Permission.values())));
        reader = new RpcClient(uri, tokens.issue(List.of(Permission.READ)));
    }

    @AfterEach
    void stop() {
        admin.close();
        reader.close();
        server.close();
        ours.close();
        other.close();
    }

    private static Map<String, List<String>> list(List<String> peers, List<String> addresses, List<String> subnets) {
        return Map.of("Peers", peers, "IPAddrs", addresses, "IPSubnets", subnets);
    }

    private static String somebody() {
        return PeerId.of(PrivKey.generate(new SecureRandom()).publicKey()).toString();
    }

    private void connectFromThere() {
        other.connect(ours.peerId(), ours.listenAddresses(), Duration.ofSeconds(3));
    }

    private void connectFromHere() {
        ours.connect(other.peerId(), other.listenAddresses(), Duration.ofSeconds(3));
    }

    @Test
    void aBlockedPeerLosesItsConnectionsAndGetsNoOther() {
        connectFromThere();
        Await.until("the connection", SOON, () -> !ours.connections().isEmpty());
        admin.call("Filecoin.NetBlockAdd", list(List.of(other.peerId().toString()), List.of(), List.of()));
        Await.until("it ended", SOON, () -> ours.connections().isEmpty() && other.connections().isEmpty());
        assertThatThrownBy(this::connectFromHere).isInstanceOf(PeerUnreachableException.class).hasMessageContaining("blocked here");
        try {
            connectFromThere(); // the other side may hold it for a moment before it is told
        } catch (PeerUnreachableException e) {
            assertThat(ours.connections()).isEmpty();
        }
        Await.until("nothing is open", SOON, () -> ours.connections().isEmpty());
        admin.call("Filecoin.NetBlockRemove", list(List.of(other.peerId().toString()), List.of(), List.of()));
        connectFromHere();
        assertThat(ours.connections()).hasSize(1);
    }

    @Test
    void aBlockedAddressOrNetworkIsNeitherLetInNorDialed() {
        for (Map<String, List<String>> entry : List.of(list(List.of(), List.of("127.0.0.1"), List.of()),
                list(List.of(), List.of(), List.of("127.0.0.0/8")))) {
            admin.call("Filecoin.NetBlockAdd", entry);
            assertThatThrownBy(this::connectFromThere).isInstanceOf(PeerUnreachableException.class);
            assertThatThrownBy(this::connectFromHere).isInstanceOf(PeerUnreachableException.class).hasMessageContaining("blocked here");
            assertThat(ours.connections()).isEmpty();
            admin.call("Filecoin.NetBlockRemove", entry);
        }
        connectFromThere();
        Await.until("the connection", SOON, () -> !ours.connections().isEmpty());
    }

    @Test
    void theListIsInRowsAndIsReadAtTheNextStart() throws Exception {
        admin.call("Filecoin.NetBlockAdd", list(List.of(other.peerId().toString()), List.of("10.1.2.3", "2001:db8::1"),
                List.of("10.9.8.7/8", "192.168.1.1/32")));
        admin.call("Filecoin.NetBlockAdd", list(List.of(), List.of("10.1.2.3"), List.of()));
        JsonNode list = reader.call("Filecoin.NetBlockList");
        assertThat(list).isEqualTo(new ObjectMapper().readTree("{\"Peers\":[\"" + other.peerId()
                + "\"],\"IPAddrs\":[\"10.1.2.3\",\"2001:db8::1\"],\"IPSubnets\":[\"10.0.0.0/8\",\"192.168.1.1\",\"192.0.2.0/24\"]}"));
        PeerFilter next = new NetBlockApi.Lists(rows, allows, nobody, nobody, new PeerFilter()).read();
        assertThat(next.refuses(other.peerId())).isTrue();
        assertThat(next.refuses(InetAddress.getByName("10.255.0.1"))).isTrue();
        assertThat(next.refuses(InetAddress.getByName("2001:db8::1"))).isTrue();
        assertThat(next.refuses(InetAddress.getByName("2001:db8::2"))).isFalse();
        assertThat(next.refuses(InetAddress.getByName("192.168.1.2"))).isFalse();
    }

    @Test
    void onceAnybodyIsAllowedNobodyElseConnects() {
        connectFromThere();
        Await.until("the connection", SOON, () -> !ours.connections().isEmpty());
        String friend = somebody();
        admin.call("Caravan.NetAllowAdd", list(List.of(friend), List.of(), List.of()));
        Await.until("the stranger's connection ended", SOON, () -> ours.connections().isEmpty() && other.connections().isEmpty());
        assertThatThrownBy(this::connectFromHere).isInstanceOf(PeerUnreachableException.class).hasMessageContaining("blocked here");
        admin.call("Caravan.NetAllowAdd", list(List.of(other.peerId().toString()), List.of(), List.of()));
        connectFromHere();
        assertThat(ours.connections()).hasSize(1);
        admin.call("Filecoin.NetBlockAdd", list(List.of(other.peerId().toString()), List.of(), List.of()));
        Await.until("blocked wins over allowed", SOON, () -> ours.connections().isEmpty());
        assertThat(reader.call("Caravan.NetAllowList").path("Peers")).hasSize(2);
        assertThat(new NetBlockApi.Lists(rows, allows, nobody, nobody, new PeerFilter()).read()
                .refuses(PeerId.parse(friend))).isFalse();
    }

    @Test
    void anAllowedNetworkLetsInWhoeverIsThere() {
        admin.call("Caravan.NetAllowAdd", list(List.of(), List.of(), List.of("10.0.0.0/8")));
        assertThatThrownBy(this::connectFromThere).isInstanceOf(PeerUnreachableException.class);
        admin.call("Caravan.NetAllowAdd", list(List.of(), List.of(), List.of("127.0.0.0/8")));
        connectFromThere();
        Await.until("the connection", SOON, () -> !ours.connections().isEmpty());
        admin.call("Caravan.NetAllowRemove", list(List.of(), List.of(), List.of("127.0.0.0/8")));
        Await.until("it ended", SOON, () -> ours.connections().isEmpty());
        admin.call("Caravan.NetAllowRemove", list(List.of(), List.of(), List.of("10.0.0.0/8")));
        Await.until("nobody is listed, so everybody may", SOON, () -> other.connections().isEmpty());
        connectFromHere();
        assertThat(ours.connections()).hasSize(1);
    }

    @Test
    void whatSettingsListCannotBeTakenAwayByACall() throws Exception {
        filter.blocked().add(Subnet.parse("192.0.2.0/24"));
        admin.call("Filecoin.NetBlockRemove", list(List.of(), List.of(), List.of("192.0.2.0/24")));
        assertThat(filter.refuses(InetAddress.getByName("192.0.2.1"))).isTrue();
        assertThat(NetBlockApi.lines(" 10.0.0.1, 10.0.0.0/8 ,2001:db8::/32," + somebody())).extracting(line -> line.kind().name())
                .containsExactly("IP", "SUBNET", "SUBNET", "PEER");
        assertThatThrownBy(() -> NetBlockApi.lines("10.0.0.1,nobody")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatCannotBeReadChangesNothing() {
        for (Map<String, List<String>> bad : List.of(list(List.of("nobody"), List.of("10.1.2.3"), List.of()),
                list(List.of(), List.of("10.1.2.3", "example.org"), List.of()), list(List.of(), List.of("10.1.2.300"), List.of()),
                list(List.of(), List.of("10.1.2.3"), List.of("10.0.0.0/33")), list(List.of(), List.of(), List.of("/8")))) {
            assertThatThrownBy(() -> admin.call("Filecoin.NetBlockAdd", bad)).as(bad.toString()).isInstanceOf(RpcException.class)
                    .hasMessageContaining("block list");
        }
        assertThatThrownBy(() -> admin.call("Filecoin.NetBlockAdd", Map.of("Peers", "all"))).hasMessageContaining("Peers is no list");
        assertThatThrownBy(() -> reader.call("Filecoin.NetBlockAdd", list(List.of(), List.of("10.1.2.3"), List.of())))
                .isInstanceOf(RpcException.class).hasMessageContaining("missing permission");
        assertThat(rows.list()).isEmpty();
    }

    @Test
    void levelsOfSubsystemsAreSetAndUnknownOnesRefused() {
        JsonNode subsystems = admin.call("Filecoin.LogList");
        assertThat(subsystems.toString()).contains("\"deal\"", "\"libp2p\"");
        admin.call("Filecoin.LogSetLevel", "deal", "DEBUG");
        assertThat(said).containsExactly("io.caravan.deal=DEBUG");
        said.clear();
        admin.call("Filecoin.LogSetLevel", "*", "panic");
        assertThat(said).hasSize(subsystems.size() + 1).contains("io.caravan=ERROR");
        said.clear();
        assertThatThrownBy(() -> admin.call("Filecoin.LogSetLevel", "deals", "debug")).hasMessageContaining("subsystem").hasMessageContaining("deal");
        assertThatThrownBy(() -> admin.call("Filecoin.LogSetLevel", "deal", "loud")).hasMessageContaining("level").hasMessageContaining("debug");
        assertThatThrownBy(() -> reader.call("Filecoin.LogList")).hasMessageContaining("missing permission");
        assertThat(said).isEmpty();
    }

    @Test
    void onlyAnAdministratorEndsTheProcess() {
        assertThatThrownBy(() -> reader.call("Filecoin.Shutdown")).hasMessageContaining("missing permission");
        assertThat(said).isEmpty();
        assertThat(admin.call("Filecoin.Shutdown").isNull()).isTrue();
        assertThat(said).containsExactly("end");
    }
}
