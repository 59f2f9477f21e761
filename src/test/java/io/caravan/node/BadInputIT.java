package io.caravan.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.chain.CreateMinerParams;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.model.FilAddress;
import io.caravan.node.cli.RoleSettings;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcTransportException;
import io.caravan.support.FreePort;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bad input at the JSON-RPC port of a whole machine gets one sentence that names it, and changes nothing. */
@Tag("busy")
class BadInputIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN_CID = "bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi";
    private static final long WINDOW_PROOF_8_MIB = 11;

    @TempDir
    static Path folder;
    private static NodeHome home;
    private static Machine machine;
    private static RpcClient daemon;
    private static String miner;
    private static String wallet;
    private static JsonNode root;

    @BeforeAll
    static void start() throws Exception {
        home = new NodeHome(folder.resolve("home"));
        Files.createDirectories(home.root());
        machine = new Machine("bad-input", home, RoleSettings.load(home.root(), Map.of("devnet.port", "0", "daemon.port", "0",
                "miner.port", "0", "miner.libp2p.port", "0", "devnet.interval", "100ms")));
        machine.startAll();
        daemon = client("daemon", token("daemon"));
        try (RpcClient atMiner = client("miner", token("miner"))) {
            miner = atMiner.call("Filecoin.ActorAddress").asText();
        }
        wallet = daemon.call("Filecoin.WalletDefaultAddress").asText();
        root = imported(file("a file to store"));
    }

    @AfterAll
    static void stop() {
        if (daemon != null) {
            daemon.close();
        }
        if (machine != null) {
            machine.close();
        }
    }

    @AfterEach
    void changesNothingAndStays() {
        assertThat(daemon.call("Filecoin.ClientListDeals")).isEmpty();
    }

    @Test
    void whatIsSecretIsInNoLogAndInNoFolderOfOthers() throws IOException {
        List<String> secrets = new ArrayList<>();
        for (String role : List.of("daemon", "miner", "devnet")) {
            secrets.add(String.valueOf(token(role)));
            try (Stream<Path> keys = Files.list(home.of(role).resolve("keystore"))) {
                for (Path key : keys.toList()) {
                    secrets.add(new ObjectMapper().readTree(key.toFile()).path("PrivateKey").asText());
                }
            }
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.of(role)))).isEqualTo("rwx------");
        }
        secrets.add(Files.readString(home.root().resolve("pg/password")).strip());
        assertThat(secrets).hasSizeGreaterThan(8).allMatch(secret -> secret.length() > 20);
        try (Stream<Path> logs = Files.list(home.root().resolve("log"))) {
            for (Path log : logs.toList()) {
                assertThat(log).content().doesNotContain(secrets);
            }
        }
    }

    @Test
    void unknownMethod() {
        assertThat(refusal("Filecoin.ClientSingASong")).hasMessage("method 'Filecoin.ClientSingASong' not found")
                .extracting(RpcException::code).isEqualTo(-32601);
    }

    @Test
    void wrongParams() {
        assertThat(refusal("Filecoin.ClientGetDealInfo"))
                .hasMessage("wrong param count (method 'Filecoin.ClientGetDealInfo'): 0 != 1");
        assertThat(refusal("Filecoin.ClientGetDealInfo", "bafy")).hasMessageContaining("param 1: proposal CID");
        assertThat(refused(deal -> deal.put("EpochPrice", 5))).hasMessageContaining("EpochPrice: not a big integer in a string");
        assertThat(refused(deal -> deal.remove("Wallet"))).hasMessageContaining("Wallet: is missing");
    }

    @Test
    void numbersThatNoDealHas() {
        assertThat(refused(deal -> deal.put("MinBlocksDuration", Long.MAX_VALUE)))
                .hasMessage("a deal of 9223372036854775807 epochs is too long: 3680640 at most");
        assertThat(refused(deal -> deal.put("MinBlocksDuration", -5))).hasMessage("a deal cannot last -5 epochs");
        assertThat(refused(deal -> deal.put("DealStartEpoch", Long.MAX_VALUE)))
                .hasMessageStartingWith("start epoch 9223372036854775807 is too far ahead");
        assertThat(refused(deal -> deal.put("EpochPrice", "-5"))).hasMessageStartingWith("a price cannot be -");
    }

    @Test
    void noWeakOrWrongToken() throws Exception {
        String readOnly = new String(Base64.getDecoder().decode(daemon.call("Filecoin.AuthNew", List.of("read")).asText()),
                StandardCharsets.US_ASCII);
        for (String token : new String[] {null, readOnly}) {
            try (RpcClient stranger = client("daemon", token)) {
                assertThat(stranger.call("Filecoin.ID").asText()).isNotEmpty();
                assertThat(catchThrowableOfType(RpcException.class, () -> stranger.call("Filecoin.ClientStartDeal", deal())))
                        .hasMessage("missing permission to invoke 'ClientStartDeal' (need 'admin')");
            }
        }
        try (RpcClient liar = client("daemon", token("miner"))) {
            assertThat(catchThrowableOfType(RpcTransportException.class, () -> liar.call("Filecoin.ID")))
                    .hasMessageEndingWith("refused the token");
        }
    }

    @Test
    void unknownMiner() {
        assertThat(refused(deal -> deal.put("Miner", "t0999999"))).hasMessageContaining("there is no miner")
                .hasMessageContaining("0999999").hasMessageContaining("actor not found");
        assertThat(refused(deal -> deal.put("Miner", "nobody"))).hasMessageContaining("Miner: an address starts with f or t");
    }

    @Test
    void unreachableMinerWithEachAddressAndWhy() throws Exception {
        int deadPort = FreePort.take();
        List<String> addresses = List.of("/ip4/127.0.0.1/tcp/" + deadPort, "/ip6/::1/tcp/" + deadPort);
        String unknownPeer = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
        String lost = createMiner(PeerId.parse(unknownPeer).toBytes(), addresses);
        RpcException why = refusal("Filecoin.ClientQueryAsk", unknownPeer, lost);
        assertThat(why).hasMessageContaining("unreachable");
        addresses.forEach(address -> assertThat(why).hasMessageContaining(address + ": "));
    }

    @Test
    void missingFile() {
        Path missing = folder.resolve("missing.bin");
        assertThat(refusal("Filecoin.ClientImport", Map.of("Path", missing.toString(), "IsCAR", false)))
                .hasMessage("there is no file " + missing);
        assertThat(refused(deal -> deal.putObject("Data").put("TransferType", "graphsync").putObject("Root").put("/", UNKNOWN_CID)))
                .hasMessage("no import has the payload CID " + UNKNOWN_CID);
    }

    @Test
    void changedFile() throws Exception {
        Path file = file("what was promised");
        JsonNode promised = imported(file);
        Files.writeString(file, "something else, and longer", StandardOpenOption.TRUNCATE_EXISTING);
        assertThat(refused(deal -> deal.putObject("Data").put("TransferType", "graphsync").set("Root", promised)))
                .hasMessageContaining(file + ": the file has changed since it was imported");
    }

    @Test
    void insufficientBalance() {
        String poor = daemon.call("Filecoin.WalletNew", "secp256k1").asText();
        assertThat(refused(deal -> deal.put("Wallet", poor))).hasMessageContaining("the deal costs")
                .hasMessageContaining(poor.substring(1)).hasMessageEndingWith("hold 0 FIL");
    }

    private static RpcException refused(Consumer<ObjectNode> change) {
        ObjectNode deal = deal();
        change.accept(deal);
        return refusal("Filecoin.ClientStartDeal", deal);
    }

    private static RpcException refusal(String method, @Nullable Object... params) {
        RpcException refusal = catchThrowableOfType(RpcException.class, () -> daemon.call(method, params));
        assertThat(refusal).as(method).isNotNull();
        assertThat(refusal.getMessage()).doesNotContain("\n").doesNotContain("Exception");
        return refusal;
    }

    private static ObjectNode deal() {
        ObjectNode deal = JSON.createObjectNode();
        deal.putObject("Data").put("TransferType", "graphsync").set("Root", root);
        return deal.put("Wallet", wallet).put("Miner", miner).put("EpochPrice", "1000000").put("MinBlocksDuration", 518_400);
    }

    private static JsonNode imported(Path file) {
        return daemon.call("Filecoin.ClientImport", Map.of("Path", file.toString(), "IsCAR", false)).get("Root");
    }

    private static Path file(String text) throws Exception {
        return Files.writeString(Files.createTempFile(folder, "stored", ".txt"), text.repeat(100));
    }

    /** A miner actor that nobody serves, made as any owner would: a signed message through the daemon's port. */
    private static String createMiner(byte[] peer, List<String> addresses) throws Exception {
        String owner = daemon.call("Filecoin.WalletNew", "secp256k1").asText();
        try (RpcClient devnet = client("devnet", token("devnet"))) {
            JsonNode grant = devnet.call("Devnet.Faucet", owner, "1000000000000000000");
            if (grant.has("/")) {
                daemon.call("Filecoin.StateWaitMsg", grant, 0, 100, true);
            }
        }
        FilAddress address = FilAddress.parse(owner);
        byte[] params = new CreateMinerParams(address, address, WINDOW_PROOF_8_MIB, Bytes.wrap(peer),
                addresses.stream().map(Multiaddr::parse).map(Multiaddr::toBytes).map(Bytes::wrap).toList()).toCbor();
        ObjectNode message = JSON.createObjectNode().put("Version", 0).put("To", "t04").put("From", owner).put("Nonce", 0)
                .put("Value", "0").put("GasLimit", 100_000_000).put("GasFeeCap", "1000").put("GasPremium", "1000")
                .put("Method", 2).put("Params", Base64.getEncoder().encodeToString(params));
        JsonNode signed = daemon.call("Filecoin.WalletSignMessage", owner, message);
        JsonNode landed = daemon.call("Filecoin.StateWaitMsg", daemon.call("Filecoin.MpoolPush", signed), 0, 100, true);
        CborReader returned = new CborReader(Base64.getDecoder().decode(landed.path("Receipt").path("Return").asText()));
        returned.tuple(2);
        return FilAddress.readFrom(returned).toString();
    }

    private static RpcClient client(String role, @Nullable String token) {
        return new RpcClient(ApiInfo.read(home.of(role), 1).endpoint(), token);
    }

    private static @Nullable String token(String role) {
        return ApiInfo.read(home.of(role), 1).token();
    }
}
