package io.caravan.support;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.zaxxer.hikari.HikariDataSource;
import io.caravan.chain.Message;
import io.caravan.chain.MessageReceipt;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.codec.LotusJson;
import io.caravan.crypto.FilKey;
import io.caravan.crypto.KeyInfo;
import io.caravan.crypto.KeyType;
import io.caravan.devnet.DevnetConfig;
import io.caravan.devnet.DevnetNode;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.TokenAmount;
import io.caravan.rpc.RpcClient;
import io.caravan.store.DatabaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A devnet of its own on a free port and an empty database. Its clock stands still: {@link #mine} makes blocks. Miner
 * f01000 has the keys {@link #OWNER} and {@link #WORKER} and 2 KiB sectors; {@link #CLIENT} (secp256k1) and {@link
 * #BLS_CLIENT} have 1000 FIL.
 */
public final class TestDevnet implements AutoCloseable {

    public static final FilKey OWNER = secp(0x33);
    public static final FilKey WORKER = secp(0x22);
    public static final FilKey CLIENT = secp(0x11);
    public static final FilKey BLS_CLIENT = FilKey.of(new KeyInfo(KeyType.BLS,
            Bytes.ofHex("9c26a653e3f6feed763fee9e163a4863252fd3ca38bfeeaa83dab2799b5cf10c")));
    public static final FilAddress MINER = FilAddress.ofId(1000);

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    private final DatabaseAddress database;
    private final Path home;
    private final DevnetConfig config;
    private final ObjectMapper mapper = ModelJson.newMapper(Network.TESTNET);
    private DevnetNode node;
    private HikariDataSource rows;
    private RpcClient client;

    private TestDevnet(DevnetConfig config) {
        this.config = config;
        this.database = TestPostgres.empty();
        try {
            this.home = Files.createTempDirectory("caravan-devnet");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        open();
    }

    /** With mainnet's rules, a challenge delay of 10 epochs. */
    public static TestDevnet start() {
        return start(config -> config);
    }

    /** With whatever a test changes in the configuration. */
    public static TestDevnet start(UnaryOperator<DevnetConfig> change) {
        TokenAmount coins = TokenAmount.ofFil(1000);
        return new TestDevnet(change.apply(DevnetConfig.standard().at("127.0.0.1", 0).withInterval(Duration.ZERO)
                .withGenesis(DevnetConfig.Genesis.standard().withSectorSize(2048)
                        .withMiner(OWNER.address(), WORKER.address())
                        .withAccounts(Map.of(CLIENT.address(), coins, BLS_CLIENT.address(), coins)))));
    }

    /**
     * Ends the node, which writes nothing at its end and so is as good as killed, and opens another on the same
     * database.
     */
    public void killAndReopen() {
        client.close();
        node.stop();
        rows.close();
        open();
    }

    private void open() {
        rows = TestPool.of(database);
        node = new DevnetNode(config, rows, CLOCK, home);
        node.start();
        client = new RpcClient(node.endpoint(), node.token());
    }

    public DevnetNode node() {
        return node;
    }

    public URI endpoint() {
        return node.endpoint();
    }

    public String token() {
        return node.token();
    }

    public Path home() {
        return home;
    }

    /** Calls a method over HTTP; {@code Filecoin.} is put before a name without a dot. */
    public JsonNode call(String method, Object... params) {
        Object[] shaped = java.util.Arrays.stream(params).map(this::shape).toArray();
        return client.call(method.contains(".") ? method : "Filecoin." + method, shaped);
    }

    private Object shape(Object param) {
        return param == null || param instanceof JsonNode ? param : mapper.valueToTree(param);
    }

    public RpcClient client() {
        return client;
    }

    public ObjectMapper mapper() {
        return mapper;
    }

    /** Makes tipsets; answers the new height. */
    public long mine(int count) {
        return call("Devnet.Mine", count).get("Height").longValue();
    }

    public long height() {
        return call("ChainHead").get("Height").longValue();
    }

    /** The message signed with the sender's next nonce and ample gas. */
    public SignedMessage signed(FilKey from, FilAddress to, TokenAmount value, long method, byte[] params) {
        Message message = Message.of(from.address(), to, value, method, Bytes.of(params))
                .withNonce(call("MpoolGetNonce", from.address()).longValue())
                .withGas(5_000_000_000L, TokenAmount.ofAtto(100_200), TokenAmount.ofAtto(100_000));
        return new SignedMessage(message, from.sign(message.signingBytes()));
    }

    /** Sends a message and makes two blocks: one that carries it, one that shows it. */
    public MessageReceipt send(FilKey from, FilAddress to, TokenAmount value, long method, byte[] params) {
        Cid cid = push(signed(from, to, value, method, params));
        mine(2);
        return receipt(cid);
    }

    public Cid push(SignedMessage message) {
        return LotusJson.cid(call("MpoolPush", message));
    }

    /** The receipt of a message that has landed. */
    public MessageReceipt receipt(Cid cid) {
        JsonNode found = call("StateSearchMsg", List.of(), cid, -1, true);
        if (found.isNull()) {
            throw new AssertionError("message " + cid + " has not landed");
        }
        return mapper.convertValue(found.get("Receipt"), MessageReceipt.class);
    }

    @Override
    public void close() {
        client.close();
        node.stop();
        rows.close();
    }

    private static FilKey secp(int value) {
        byte[] secret = new byte[32];
        java.util.Arrays.fill(secret, (byte) value);
        return FilKey.of(new KeyInfo(KeyType.SECP256K1, Bytes.wrap(secret)));
    }
}
