package io.caravan.node.api;

import io.caravan.deal.TransferControl;
import io.caravan.deal.TransferRows;
import io.caravan.camel.JsonRpcComponent;
import io.caravan.chain.MinerInfo;
import io.caravan.codec.Bytes;
import io.caravan.crypto.FileKeystore;
import io.caravan.crypto.KeyType;
import io.caravan.crypto.Wallet;
import io.caravan.deal.AskKeeper;
import io.caravan.deal.ChainSignatures;
import io.caravan.deal.DealStarter;
import io.caravan.deal.ProposalBuilder;
import io.caravan.deal.WorkerSigner;
import io.caravan.libp2p.Host;
import io.caravan.market.AskClient;
import io.caravan.market.AskServer;
import io.caravan.market.MarketDeadlines;
import io.caravan.market.MarketProtocols;
import io.caravan.model.FilAddress;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.model.Role;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.Permission;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.store.AskStore;
import io.caravan.store.ImportStore;
import io.caravan.store.Sql;
import io.caravan.store.TransferStore;
import io.caravan.support.FakeChain;
import io.caravan.support.SettableClock;
import io.caravan.support.TestPostgres;
import io.caravan.support.TwoHosts;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;

/**
 * A daemon's and a miner's JSON-RPC port on real hosts, rows and route files, with a chain that a test writes itself.
 * The miner is f01000 on the far host, its worker the second key of the wallet.
 */
final class ApiWorld implements AutoCloseable {
    static final FilAddress MINER = FilAddress.ofId(1000);
    static final FilAddress WORKER_ID = FilAddress.ofId(1002);

    final SettableClock clock = SettableClock.at(Instant.parse("2026-01-01T12:00:00Z"));
    final TwoHosts hosts = TwoHosts.start();
    final FakeChain chain = FakeChain.at(100);
    final Wallet wallet;
    final FilAddress client;
    final TransferRows transfers;
    final io.caravan.store.DealStore deals;
    final RpcClient daemon;
    final RpcClient miner;
    private final CamelContext camel = new DefaultCamelContext();
    private final CamelContext minerCamel = new DefaultCamelContext();
    private final RpcServer daemonServer;
    private final RpcServer minerServer;
    final Tokens tokens = Tokens.ofSecret(new byte[32]);
    final String daemonUrl;

    ApiWorld(Path home, TestPostgres postgres) throws Exception {
        Sql sql = postgres.database().sql();
        ApiJson json = new ApiJson(Network.TESTNET);
        wallet = new Wallet(new FileKeystore(home.resolve("keystore")), Network.TESTNET, new SecureRandom());
        client = wallet.generate(KeyType.SECP256K1);
        FilAddress worker = wallet.generate(KeyType.BLS);
        chain.account(worker, WORKER_ID).account(client, FilAddress.ofId(1001));
        Host far = hosts.far();
        chain.miner(MINER, new MinerInfo(WORKER_ID, WORKER_ID, List.of(), far.peerId().toString(),
                far.listenAddresses().stream().map(address -> Bytes.wrap(address.toBytes())).toList(), 10, 8 << 20));
        deals = postgres.deals(clock, "node");
        transfers = new TransferRows(new TransferStore(sql));
        ImportFolder imports = new ImportFolder(home.resolve("imports"), new ImportStore(sql), Runnable::run, 1, clock);

        AskKeeper asks = new AskKeeper(chain, new AskStore(sql, clock), new WorkerSigner(chain, wallet, MINER, clock),
                MINER);
        AskServer askServer = new AskServer(asks, MarketDeadlines.DEFAULT);
        far.setHandler(MarketProtocols.ASK, askServer::serve);
        far.setHandler("/fil/storage/mk/1.1.1", stream -> {});
        AskClient askClient = new AskClient(hosts.near(), new ChainSignatures(chain), MarketDeadlines.DEFAULT);

        DealJson shapes = new DealJson(json, hosts.near().peerId());
        ProposalBuilder builder = new ProposalBuilder(chain, imports, wallet);
        ClientApi clientApi = new ClientApi(json, shapes, new ClientApi.Tools(new DealStarter(builder, deals, clock),
                deals,
                transfers, chain, hosts.near(), askClient), new Updates("deals"), new Updates("transfers"));
        MethodTable methods = new MethodTable();
        methods.errors(new ApiErrors());
        new CommonApi(json, hosts.near().peerId(), io.caravan.rpc.TokenDesk.of(tokens), about(false)).register(methods);
        new NetApi(json, hosts.near()).register(methods);
        new WalletApi(json, wallet, chain).register(methods);
        new ImportApi(json, imports, Runnable::run, 1).register(methods);
        daemonServer = serve(methods);
        daemonUrl = url(daemonServer);
        daemon = new RpcClient(URI.create(daemonUrl), tokens.issue(Permission.all()));
        camel.getRegistry().bind("transferApi", transferApi(json, Role.CLIENT, hosts.near()));
        route(camel, methods, "clientApi", clientApi, "routes/daemon/1-start.camel.yaml");

        MinerApi minerApi = new MinerApi(json, new DealJson(json, far.peerId()),
                new MinerApi.Tools(MINER, asks, deals, transfers, chain), new Updates("miner-deals"),
                new Updates("miner-transfers"));
        MethodTable minerMethods = new MethodTable();
        minerMethods.errors(new ApiErrors());
        new CommonApi(json, far.peerId(), io.caravan.rpc.TokenDesk.of(tokens), about(true)).register(minerMethods);
        minerServer = serve(minerMethods);
        miner = new RpcClient(URI.create(url(minerServer)), tokens.issue(Permission.all()));
        minerCamel.getRegistry().bind("transferApi", transferApi(json, Role.PROVIDER, far));
        route(minerCamel, minerMethods, "minerApi", minerApi, "routes/miner/1-ask.camel.yaml");
    }

    /** Over rows alone: there are no sessions here to cancel or to restart. */
    private TransferApi transferApi(ApiJson json, Role role, Host host) {
        return new TransferApi(json, role, host.peerId(), transfers, new TransferControl(role, deals, transfers,
                channel -> {
                    throw new IllegalStateException("no session has " + channel);
                }, channel -> {
                    throw new IllegalStateException("no session has " + channel);
                }));
    }

    private CommonApi.About about(boolean isMiner) {
        return new CommonApi.About("0.1.0", isMiner, () -> 30, clock.instant(), new UUID(1, 2));
    }

    private RpcServer serve(MethodTable methods) {
        RpcServer server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of(),
                ModelJson.module(Network.TESTNET));
        server.start();
        return server;
    }

    private static String url(RpcServer server) {
        return "http://127.0.0.1:" + server.address().getPort() + "/rpc/v1";
    }

    private static void route(CamelContext context, MethodTable methods, String name, Object bean,
            String file) throws Exception {
        context.addComponent("jsonrpc", new JsonRpcComponent(methods));
        context.getRegistry().bind(name, bean);
        // One call each: a configuration reaches only routes that are loaded after it.
        for (String yaml : List.of("routes/errors.camel.yaml", file)) {
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.resolveResource(context, "file:" + yaml));
        }
        context.start();
    }

    @Override
    public void close() throws Exception {
        camel.stop();
        minerCamel.stop();
        daemonServer.close();
        minerServer.close();
        hosts.close();
    }
}
