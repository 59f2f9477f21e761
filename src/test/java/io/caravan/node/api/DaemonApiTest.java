package io.caravan.node.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.codec.Cid;
import io.caravan.model.DealEvent;
import io.caravan.model.FilAddress;
import io.caravan.model.Network;
import io.caravan.model.Role;
import io.caravan.rpc.ChannelListener;
import io.caravan.rpc.RpcClient;
import io.caravan.support.TestPostgres;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The daemon's and the miner's methods over HTTP, through the real route files, on real rows and hosts. */
@Tag("db")
@Timeout(60)
class DaemonApiTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    @TempDir
    static Path home;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static ApiWorld world;
    private static RpcClient daemon;

    @BeforeAll
    static void start() throws Exception {
        world = new ApiWorld(home, POSTGRES);
        daemon = world.daemon;
        world.miner.call("Filecoin.MarketSetAsk", "500000000", "50000000", 86400, 256, 8 << 20);
    }

    @AfterAll
    static void stop() throws Exception {
        world.close();
    }

    private static Path file(String name, int bytes) throws Exception {
        byte[] content = new byte[bytes];
        new Random(name.hashCode()).nextBytes(content);
        Path file = home.resolve(name);
        Files.write(file, content);
        return file;
    }

    private static JsonNode imported(Path file) {
        return daemon.call("Filecoin.ClientImport", Map.of("Path", file.toString(), "IsCAR", false));
    }

    private static ObjectNode deal(JsonNode root) {
        ObjectNode deal = JSON.createObjectNode();
        deal.putObject("Data").put("TransferType", "graphsync").putNull("PieceCid").put("PieceSize", 0)
                .put("RawBlockSize", 0)
                .set("Root", root);
        return deal.put("Wallet", text(world.client)).put("Miner", "t01000").put("EpochPrice", "500")
                .put("MinBlocksDuration", 518_400).put("ProviderCollateral", "0").put("DealStartEpoch", -1)
                .put("FastRetrieval", true).put("VerifiedDeal", false);
    }

    private static String text(FilAddress address) {
        return address.toString(Network.TESTNET);
    }

    private static void refuses(String method, String sentence, Object... params) {
        assertThatThrownBy(() -> daemon.call(method, params)).as(method).hasMessageContaining(sentence);
    }

    @Test
    void saysWhoItIs() {
        JsonNode version = daemon.call("Filecoin.Version");
        assertThat(version.toString())
                .isEqualTo("{\"Version\":\"0.1.0+caravan\",\"APIVersion\":131840"
                        + ",\"BlockDelay\":30,\"Agent\":\"caravan\"}");
        assertThat(world.miner.call("Filecoin.Version").path("APIVersion").asInt()).isEqualTo(66816);
        assertThat(daemon.call("Filecoin.ID").asText()).isEqualTo(world.hosts.near().peerId().toString());
    }

    @Test
    void issuesTokensThatWork() {
        String encoded = daemon.call("Filecoin.AuthNew", List.of("read", "write")).asText();
        String token = new String(java.util.Base64.getDecoder().decode(encoded));
        assertThat(daemon.call("Filecoin.AuthVerify", token).toString()).isEqualTo("[\"read\",\"write\"]");
        refuses("Filecoin.AuthVerify", "JWT Verification failed", "nonsense");
        refuses("Filecoin.AuthNew", "unknown permission 'owner'", List.of("owner"));
        RpcClient weak = new RpcClient(URI.create(world.daemonUrl), token);
        assertThat(weak.call("Filecoin.ClientListDeals").isArray()).isTrue();
        assertThatThrownBy(() -> weak.call("Filecoin.ClientStartDeal", deal(JSON.createObjectNode())))
                .hasMessage("missing permission to invoke 'ClientStartDeal' (need 'admin')");
    }

    @Test
    void showsAndMakesConnections() {
        JsonNode listen = daemon.call("Filecoin.NetAddrsListen");
        assertThat(listen.path("ID").asText()).isEqualTo(world.hosts.near().peerId().toString());
        assertThat(listen.path("Addrs").get(0).asText()).startsWith("/ip4/127.0.0.1/tcp/");
        String far = world.hosts.far().peerId().toString();
        daemon.call("Filecoin.NetConnect", Map.of("ID", far, "Addrs",
                world.hosts.far().listenAddresses().stream().map(Object::toString).toList()));
        assertThat(daemon.call("Filecoin.NetConnectedness", far).asInt()).isEqualTo(1);
        assertThat(daemon.call("Filecoin.NetPeers").findValuesAsText("ID")).contains(far);
        assertThat(daemon.call("Filecoin.NetFindPeer", far).path("Addrs")).isNotEmpty();
        refuses("Filecoin.NetFindPeer", "not found", "12D3KooWSH3uVF6wv47WnArKHk5p6cvgCJEb74UTmxztmQDc298L");
        refuses("Filecoin.NetFindPeer", "param 1: peer", "xyz");
        refuses("Filecoin.NetConnect", "param 1: peer address", Map.of("ID", far, "Addrs", List.of("/nonsense")));
    }

    @Test
    void keepsKeysAndSigns() {
        String fresh = daemon.call("Filecoin.WalletNew", "secp256k1").asText();
        assertThat(fresh).startsWith("t1");
        assertThat(daemon.call("Filecoin.WalletHas", fresh).asBoolean()).isTrue();
        assertThat(daemon.call("Filecoin.WalletList").toString()).contains(fresh, text(world.client));
        assertThat(daemon.call("Filecoin.WalletDefaultAddress").asText()).isEqualTo(text(world.client));
        assertThat(daemon.call("Filecoin.WalletBalance", fresh).asText()).isEqualTo("1000000000000000000000");
        JsonNode signature = daemon.call("Filecoin.WalletSign", fresh, "aGVsbG8=");
        assertThat(signature.path("Type").asInt()).isEqualTo(1);
        assertThat(daemon.call("Filecoin.WalletVerify", fresh, "aGVsbG8=", signature).asBoolean()).isTrue();
        assertThat(daemon.call("Filecoin.WalletVerify", fresh, "aGVsbG9v", signature).asBoolean()).isFalse();
        ObjectNode message = JSON.createObjectNode().put("Version", 0).put("To", "t05").put("From", fresh)
                .put("Nonce", 1)
                .put("Value", "0").put("GasLimit", 1).put("GasFeeCap", "1").put("GasPremium", "1").put("Method", 0)
                .putNull("Params");
        JsonNode signed = daemon.call("Filecoin.WalletSignMessage", fresh, message);
        assertThat(signed.path("Message").path("From").asText()).isEqualTo(fresh);
        assertThat(signed.path("CID").path("/").asText()).startsWith("bafy2bza");
        JsonNode key = daemon.call("Filecoin.WalletExport", fresh);
        daemon.call("Filecoin.WalletDelete", fresh);
        assertThat(daemon.call("Filecoin.WalletHas", fresh).asBoolean()).isFalse();
        assertThat(daemon.call("Filecoin.WalletImport", key).asText()).isEqualTo(fresh);
        assertThat(daemon.call("Filecoin.WalletValidateAddress", "f" + fresh.substring(1)).asText()).isEqualTo(fresh);
        refuses("Filecoin.WalletSign", "no key for t01234", "t01234", "aGVsbG8=");
        refuses("Filecoin.WalletNew", "param 1: key type", "dsa");
        refuses("Filecoin.WalletImport", "not a BLS private key", Map.of("Type", "bls", "PrivateKey", "AAAA"));
    }

    @Test
    void importsAFileAndKnowsItsPiece() throws Exception {
        Path file = file("data.bin", 3_000_000);
        JsonNode first = imported(file);
        assertThat(first.path("Root").path("/").asText()).startsWith("bafy");
        assertThat(imported(file)).isEqualTo(first);
        assertThat(daemon.call("Filecoin.ClientHasLocal", first.path("Root")).asBoolean()).isTrue();
        JsonNode piece = daemon.call("Filecoin.ClientDealPieceCID", first.path("Root"));
        assertThat(piece.path("PieceSize").asLong()).isEqualTo(4L << 20);
        assertThat(piece.path("PayloadSize").asLong()).isBetween(3_000_000L, 3_001_000L);
        assertThat(daemon.call("Filecoin.ClientDealSize", first.path("Root")).path("PieceSize").asLong())
                .isEqualTo(4L << 20);
        Path car = home.resolve("data.car");
        daemon.call("Filecoin.ClientGenCar", Map.of("Path", file.toString(), "IsCAR", false), car.toString());
        assertThat(Files.size(car)).isEqualTo(piece.path("PayloadSize").asLong());
        JsonNode commP = daemon.call("Filecoin.ClientCalcCommP", car.toString());
        assertThat(commP.path("Root")).isEqualTo(piece.path("PieceCID"));
        assertThat(commP.path("Size").asLong()).isEqualTo((4L << 20) / 128 * 127);
        JsonNode asCar = daemon.call("Filecoin.ClientImport", Map.of("Path", car.toString(), "IsCAR", true));
        assertThat(asCar.path("Root")).isEqualTo(first.path("Root"));
        assertThat(daemon.call("Filecoin.ClientListImports").findValuesAsText("FilePath"))
                .contains(file.toString(), car.toString());
        assertThat(Files.list(home.resolve("imports")).map(path -> path.getFileName().toString()))
                .noneMatch(name -> name.startsWith("new"));
    }

    /** File systems tell nanoseconds, and the database rounds them up to the next millisecond here. */
    @Test
    void takesAFileForUnchangedWhoseTimeTheDatabaseRounds() throws Exception {
        Path file = file("rounded.bin", 5000);
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-02-03T04:05:06.311999910Z")));
        JsonNode root = imported(file).path("Root");
        assertThat(daemon.call("Filecoin.ClientDealSize", root).path("PieceSize").asLong()).isPositive();
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2026-02-03T04:05:06.321999910Z")));
        refuses("Filecoin.ClientDealSize", "the file has changed since it was imported", root);
    }

    @Test
    void refusesFilesThatAreMissingOrHaveChanged() throws Exception {
        refuses("Filecoin.ClientImport", "there is no file /no/such/file", Map.of("Path", "/no/such/file", "IsCAR",
                false));
        refuses("Filecoin.ClientImport", "an absolute path", Map.of("Path", "relative", "IsCAR", false));
        refuses("Filecoin.ClientImport", "an absolute path", Map.of("IsCAR", false));
        refuses("Filecoin.ClientImport", "no file that this node can read", Map.of("Path", home.toString(), "IsCAR",
                false));
        Path file = file("changing.bin", 5000);
        assertThatThrownBy(() -> daemon.call("Filecoin.ClientImport", Map.of("Path", file.toString(), "IsCAR", true)))
                .hasMessageNotContaining("panic");
        refuses("Filecoin.ClientCalcCommP", "not a car file", file.toString());
        JsonNode root = imported(file).path("Root");
        Files.write(file, new byte[6000]);
        refuses("Filecoin.ClientDealSize", "the file has changed since it was imported", root);
        refuses("Filecoin.ClientStartDeal", "the file has changed since it was imported", deal(root));
        Files.delete(file);
        refuses("Filecoin.ClientDealPieceCID", "is gone", root);
        refuses("Filecoin.ClientRemoveImport", "there is no import 999999", 999999);
        assertThat(world.deals.list(Role.CLIENT, Set.of(), null, 1000))
                .noneMatch(deal -> deal.dataRef().root().toString().equals(root.path("/").asText()));
    }

    @Test
    void asksAMinerForItsPrice() {
        String peer = world.hosts.far().peerId().toString();
        JsonNode answer = daemon.call("Filecoin.ClientQueryAsk", peer, "t01000");
        JsonNode ask = answer.path("Response");
        assertThat(ask.path("Price").asText()).isEqualTo("500000000");
        assertThat(ask.path("Miner").asText()).isEqualTo("t01000");
        assertThat(ask.path("Expiry").asLong()).isEqualTo(86500);
        assertThat(answer.path("DealProtocols").isArray()).isTrue();
        JsonNode own = world.miner.call("Filecoin.MarketGetAsk");
        assertThat(own.path("Ask")).isEqualTo(ask);
        assertThat(own.path("Signature").path("Type").asInt()).isEqualTo(2);
        refuses("Filecoin.ClientQueryAsk", "the chain does not know miner f04711", peer, "t04711");
        assertThatThrownBy(() -> world.miner.call("Filecoin.MarketSetAsk", "-1", "1", 10, 256, 2048))
                .hasMessage("a price is negative");
        assertThatThrownBy(() -> world.miner.call("Filecoin.MarketSetAsk", 5, "1", 10, 256, 2048))
                .hasMessageContaining("param 1: price");
        assertThatThrownBy(() -> world.miner.call("Filecoin.MarketSetAsk", "1", "1", 10, 255, 2048))
                .hasMessageContaining("param 4: smallest piece");
    }

    @Test
    void startsADealAndTellsEveryStep() throws Exception {
        JsonNode root = imported(file("deal.bin", 100_000)).path("Root");
        BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
        var updates = daemon.subscribe("Filecoin.ClientGetDealUpdates", List.of(), new ChannelListener() {
            @Override
            public void onValue(JsonNode value) {
                heard.add(value);
            }

            @Override
            public void onClosed(String reason) {}
        });
        JsonNode proposal = daemon.call("Filecoin.ClientStartDeal", deal(root));
        assertThat(proposal.path("/").asText()).startsWith("bafyrei");
        JsonNode told = heard.poll(10, TimeUnit.SECONDS);
        assertThat(told).isNotNull();
        assertThat(told.path("ProposalCid")).isEqualTo(proposal);
        updates.close();

        JsonNode info = daemon.call("Filecoin.ClientGetDealInfo", proposal);
        assertThat(fields(info)).containsExactly("ProposalCid", "State", "Message", "DealStages", "Provider",
                "DataRef", "PieceCID",
                "Size", "PricePerEpoch", "Duration", "DealID", "CreationTime", "Verified", "TransferChannelID",
                "DataTransfer", "LocalState", "RemoteState", "RemoteAt", "RemoteError", "Stale");
        assertThat(info.path("State").asInt()).isEqualTo(21);
        assertThat(daemon.call("Filecoin.ClientGetDealStatus", info.path("State").asInt()).asText())
                .isEqualTo("StorageDealReserveClientFunds");
        assertThat(info.path("Provider").asText()).isEqualTo("t01000");
        assertThat(info.path("Size").asLong()).isEqualTo((128L << 10) / 128 * 127);
        assertThat(info.path("DataRef").path("Root")).isEqualTo(root);
        assertThat(info.path("DealStages").path("Stages").get(0).path("Name").asText()).isEqualTo("StorageDealUnknown");
        assertThat(info.path("TransferChannelID").isNull()).isTrue();
        assertThat(daemon.call("Filecoin.ClientListDeals").findValues("ProposalCid")).contains(proposal);
        refuses("Filecoin.ClientStartDeal", "exists already", deal(root));
    }

    private static List<String> fields(JsonNode object) {
        List<String> names = new java.util.ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void refusesABadDealInOneSentenceAndStoresNothing() throws Exception {
        JsonNode root = imported(file("refused.bin", 1000)).path("Root");
        long before = world.deals.list(Role.CLIENT, Set.of(), null, 1000).size();
        String method = "Filecoin.ClientStartDeal";
        refuses(method, "there is no miner f04711", deal(root).put("Miner", "t04711"));
        refuses(method, "param 1: deal): Miner: ", deal(root).put("Miner", "xyz"));
        refuses(method, "Wallet: is missing", deal(root).putNull("Wallet"));
        refuses(method, "EpochPrice: ", deal(root).put("EpochPrice", 500));
        refuses(method, "MinBlocksDuration: ", deal(root).put("MinBlocksDuration", "long"));
        refuses(method, "hold", deal(root).put("EpochPrice", "1" + "0".repeat(30)));
        refuses(method, "this node does not have the key of wallet", deal(root).put("Wallet", "t01999"));
        refuses(method, "no import has the payload CID", deal(JSON.createObjectNode().put("/",
                Cid.rawSha256(new byte[] {9}).toString())));
        refuses(method, "Data: ", deal(JSON.createObjectNode().put("/", "nonsense")));
        refuses(method, "start epoch 5 has passed", deal(root).put("DealStartEpoch", 5));
        refuses(method, "expected an object, found a string", "x");
        refuses(method, "wrong param count", deal(root), 2);
        refuses("Filecoin.ClientGetDealInfo", "deal not found", Map.of("/", Cid.rawSha256(new byte[] {7}).toString()));
        refuses("Filecoin.ClientGetDealInfo", "param 1: proposal CID", "bafy");
        refuses("Filecoin.ClientGetDealStatus", "no such deal state 77", 77);
        assertThat(world.deals.list(Role.CLIENT, Set.of(), null, 1000)).hasSize((int) before);
    }

    @Test
    void showsTheMinersDeals() {
        var deal = io.caravan.support.DealBuilder.aDeal("miner-deal").as(Role.PROVIDER).build();
        world.deals.insert(deal.withPeer(world.hosts.near().peerId().toString()), DealEvent.OPEN);
        JsonNode list = world.miner.call("Filecoin.MarketListIncompleteDeals");
        JsonNode shown = list.get(0);
        assertThat(fields(shown)).isEqualTo(Arrays.asList("Proposal", "ClientSignature", "ProposalCid", "AddFundsCid",
                "PublishCid",
                "Miner", "Client", "State", "PiecePath", "MetadataPath", "SlashEpoch", "FastRetrieval", "Message",
                "FundsReserved",
                "Ref", "AvailableForRetrieval", "DealID", "CreationTime", "TransferChannelId", "SectorNumber",
                "InboundCAR"));
        assertThat(fields(shown.path("Proposal"))).containsExactly("PieceCID", "PieceSize", "VerifiedDeal", "Client",
                "Provider",
                "Label", "StartEpoch", "EndEpoch", "StoragePricePerEpoch", "ProviderCollateral", "ClientCollateral");
        assertThat(shown.path("State").asInt()).isEqualTo(14);
        assertThat(world.miner.call("Filecoin.MarketListDeals")).isEmpty();
    }
}
