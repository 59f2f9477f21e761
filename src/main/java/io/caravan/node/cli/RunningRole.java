package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.node.NodeHome;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.RpcClient;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcTransportException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A role that runs somewhere on this machine, reached through the files {@code api} and {@code token} that it writes to
 * its home folder. Errors come out as {@link CliException} with a sentence for a person.
 */
public final class RunningRole implements AutoCloseable {

    private static final Duration USUAL_PATIENCE = Duration.ofSeconds(30);

    private final String role;
    private final RpcClient client;

    private RunningRole(String role, RpcClient client) {
        this.role = role;
        this.client = client;
    }

    /** Connects lazily to {@code daemon}, {@code miner} or {@code devnet}. */
    public static RunningRole of(NodeHome home, String role) {
        Path api = home.of(role).resolve("api");
        if (!Files.exists(api)) {
            throw new CliException(CliException.TRY_AGAIN, "the %s is not running with the home folder %s: start it with ./caravan up or ./caravan %s, or name another home folder by --home"
                    .formatted(role, home.root(), role));
        }
        try {
            return new RunningRole(role, new RpcClient(ApiInfo.read(home.of(role), 1)));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new CliException(CliException.FIX_INPUT, "cannot tell where the %s is: %s".formatted(role, e.getMessage()));
        }
    }

    /** Calls {@code Filecoin.<name>}, or the whole name where it has its own namespace. */
    public JsonNode call(String method, Object... params) {
        return call(USUAL_PATIENCE, method, params);
    }

    /** The same for a call that may take that long. */
    public JsonNode call(Duration patience, String method, Object... params) {
        String name = method.contains(".") ? method : "Filecoin." + method;
        try {
            return client.call(patience, name, params);
        } catch (RpcTransportException e) {
            throw new CliException(CliException.TRY_AGAIN, "the %s does not answer at %s (%s): is it running? Start it with ./caravan up or ./caravan %s"
                    .formatted(role, client.endpoint(), e.getMessage(), role));
        } catch (RpcException e) {
            throw new CliException(CliException.FIX_INPUT, e.getMessage());
        }
    }

    public URI endpoint() {
        return client.endpoint();
    }

    @Override
    public void close() {
        client.close();
    }
}
