package io.caravan.node;

import io.caravan.chain.Chain;
import io.caravan.chain.HeadFeed;
import io.caravan.node.config.LiveSettings;
import io.caravan.node.config.Settings;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.RpcClient;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * One role's connection to the chain: the node of {@code chain.url}, else the devnet of the same home folder, found by its
 * files {@code api} and {@code token}.
 */
final class ChainLink implements AutoCloseable {

    private final RpcClient client;
    private final RpcClient clientOfV0;
    private final HeadFeed heads;
    private final Chain chain;
    private final boolean isHomeDevnet;

    ChainLink(String role, NodeHome home, LiveSettings live, ScheduledExecutorService timer, Ground ground) {
        Settings settings = live.atStart();
        Optional<String> url = settings.optional("chain.url");
        isHomeDevnet = url.isEmpty();
        ApiInfo node = url.isPresent()
                ? new ApiInfo(URI.create(url.get()), settings.optional("chain.token").orElse(null))
                : devnet(home);
        RpcClient.Limits limits = RpcClient.Limits.standard();
        client = new RpcClient(node.endpoint(), node.token(),
                limits, live.of(now -> now.duration("chain.timeout")));
        clientOfV0 = new RpcClient(URI.create(node.endpoint().toString().replace("/rpc/v1", "/rpc/v0")), node.token());
        heads = new HeadFeed(client, timer, live.of(now -> now.duration("chain.poll")));
        chain = ground.chain(role, client, heads);
    }

    private static ApiInfo devnet(NodeHome home) {
        Path folder = home.of("devnet");
        if (!Files.exists(folder.resolve("api"))) {
            throw new StartException("there is no chain: chain.url is empty and no devnet runs with the home folder %s; set chain.url, or start ./caravan devnet (or ./caravan up)"
                    .formatted(home.root()));
        }
        return ApiInfo.read(folder, 1);
    }

    Chain chain() {
        return chain;
    }

    RpcClient client() {
        return client;
    }

    /** The same node's deprecated path, for callers who came by ours. */
    RpcClient clientOfV0() {
        return clientOfV0;
    }

    /** True where the chain is the devnet of this home folder, whose faucet we may use. */
    boolean isHomeDevnet() {
        return isHomeDevnet;
    }

    @Override
    public void close() {
        heads.close();
        client.close();
        clientOfV0.close();
    }
}
