package io.caravan.node.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.model.ModelJson;
import io.caravan.model.Network;
import io.caravan.node.NodeHome;
import io.caravan.rpc.ApiInfo;
import io.caravan.rpc.MethodTable;
import io.caravan.rpc.RpcException;
import io.caravan.rpc.RpcMethod;
import io.caravan.rpc.RpcServer;
import io.caravan.rpc.ServerConfig;
import io.caravan.rpc.Tokens;
import io.caravan.rpc.Permission;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands in for a running role where only the terminal is tested: answers what it was told to, and remembers what it was asked. */
final class StandInRole implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final NodeHome home;
    private final String role;
    private final MethodTable methods = new MethodTable();
    private final RpcServer server;
    private final List<String> asked = new CopyOnWriteArrayList<>();

    /** What the terminal said. */
    record Said(int code, String out, String err) {

        JsonNode json() {
            return read(out);
        }
    }

    StandInRole(Path home, String role) {
        this.home = new NodeHome(home);
        this.role = role;
        Tokens tokens = Tokens.ofSecret(new byte[32]);
        server = new RpcServer(ServerConfig.loopback(0), methods, tokens, Map.of(), ModelJson.module(Network.TESTNET));
        server.start();
        ApiInfo.write(this.home.folder(role, ""), server.address(), tokens.issue(Arrays.asList(Permission.values())));
    }

    /** From now on that method, with so many parameters at most, is answered by that JSON. */
    StandInRole answers(String method, int parameters, String json) {
        methods.register(method, RpcMethod.read(parameters, (params, context) -> {
            List<String> given = new ArrayList<>();
            for (int i = 0; i < parameters; i++) {
                given.add(String.valueOf(params.node(i)));
            }
            asked.add(method.substring(method.indexOf('.') + 1) + given);
            if (json.startsWith("refused: ")) {
                throw new RpcException(json.substring("refused: ".length()));
            }
            return read(json);
        }));
        return this;
    }

    /** The calls so far, such as {@code ClientImport[{"Path":"/x","IsCAR":false}]}. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Nobody listens here any more. */
    void goes() {
        ApiInfo.remove(home.of(role));
    }

    /** Runs the program on that home folder, with nobody there to answer questions. */
    static Said say(Path home, String... words) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--home", home.toString()));
        int code = Cli.run(new Terminal(new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false), line.toArray(String[]::new));
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static JsonNode read(String json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
