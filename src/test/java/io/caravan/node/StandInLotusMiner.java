package io.caravan.node;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.caravan.piece.CommPStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A stand-in for a Lotus miner, made of the shapes that its JSON-RPC has (spec sealing 5.6, chain-and-rpc 2) and not of
 * its program: it takes pieces of 1 KiB into sectors of two, seals nothing, and says of its sectors what the test says.
 */
public final class StandInLotusMiner implements AutoCloseable {

    public static final String TOKEN = "write.token";

    /** What happens to the next piece. */
    public enum Fault {
        NONE,
        /** The piece is in a sector, the caller never hears it. */
        ADDED_AND_SILENT,
        /** The connection ends before anything is fetched. */
        SILENT,
        /** Everything is fetched, and lost. */
        FETCHED_AND_LOST,
        /** Half is fetched, and an error is answered. */
        HALF_FETCHED
    }

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Long, ArrayNode> pieces = new TreeMap<>();
    private final Map<Long, String> states = new TreeMap<>();
    private HttpServer server;
    private final int port;
    public volatile Fault next = Fault.NONE;
    public volatile String actor = "f01000";
    /** In the place of a method's true result; for answers that no Lotus miner gives. */
    final Map<String, String> lies = new TreeMap<>();
    /** The addresses from which pieces were to be fetched, in order. */
    final List<String> asked = new ArrayList<>();
    public int added;

    public StandInLotusMiner() {
        server = listen(0);
        port = server.getAddress().getPort();
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + port + "/rpc/v0");
    }

    /** The process ends; what it had written down stays. */
    public void stop() {
        server.stop(0);
    }

    public void start() {
        server = listen(port);
    }

    public void state(long sector, String state) {
        states.put(sector, state);
    }

    /** The miner forgets the sector. */
    public void drop(long sector) {
        states.remove(sector);
        pieces.remove(sector);
    }

    @Override
    public void close() {
        stop();
    }

    private HttpServer listen(int at) {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
            made.createContext("/rpc/v0", this::answer);
            made.start();
            return made;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        JsonNode call = json.readTree(exchange.getRequestBody());
        if (!("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            exchange.sendResponseHeaders(401, -1);
            return;
        }
        String method = call.path("method").asText().replace("Filecoin.", "");
        ObjectNode answer = json.createObjectNode().put("jsonrpc", "2.0");
        answer.set("id", call.get("id"));
        try {
            JsonNode result = result(method, call.path("params"));
            answer.set("result", lies.containsKey(method) ? json.readTree(lies.get(method)) : result);
        } catch (IllegalStateException e) {
            answer.putObject("error").put("code", 1).put("message", e.getMessage());
        } catch (IOException e) {
            exchange.close(); // no answer at all
            return;
        }
        byte[] bytes = json.writeValueAsBytes(answer);
        exchange.sendResponseHeaders(200, bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private JsonNode result(String method, JsonNode params) throws IOException {
        return switch (method) {
            case "ActorAddress" -> json.getNodeFactory().textNode(actor);
            case "SectorsList" -> json.valueToTree(states.keySet());
            case "SectorsStatus" -> status(params.get(0).asLong());
            case "SectorAddPieceToAny" -> add(params);
            default -> throw new IllegalStateException("method '" + method + "' not found");
        };
    }

    private JsonNode status(long sector) {
        if (!states.containsKey(sector)) {
            throw new IllegalStateException("getting sector info: datastore: key not found");
        }
        ObjectNode info = json.createObjectNode().put("SectorID", sector).put("State", states.get(sector));
        info.putNull("CommD").putNull("CommR").put("Retries", 0).put("LastErr", "what went wrong last");
        info.putNull("PreCommitMsg").putNull("CommitMsg");
        info.set("Pieces", pieces.get(sector));
        return info;
    }

    private JsonNode add(JsonNode params) throws IOException {
        JsonNode reader = params.get(1);
        JsonNode info = params.get(2);
        asked.add(reader.path("Info").asText());
        Fault fault = next;
        next = Fault.NONE;
        if (fault == Fault.SILENT) {
            throw new IOException("cut");
        }
        if (!reader.path("Type").asText().equals("http") || !info.path("PieceActivationManifest").isNull()
                || !info.path("DealProposal").path("Client").isTextual() || !info.path("PublishCid").has("/")
                || info.path("DealSchedule").path("StartEpoch").asLong() <= 0) {
            throw new IllegalStateException("piece metadata invalid: " + params);
        }
        byte[] bytes = fetch(URI.create(reader.path("Info").asText()), fault == Fault.HALF_FETCHED ? "bytes=0-499" : null);
        if (bytes.length != params.get(0).asLong()) {
            throw new IllegalStateException("read " + bytes.length + " of " + params.get(0) + " bytes");
        }
        var piece = CommPStream.of(new ByteArrayInputStream(bytes));
        if (!piece.commP().toString().equals(info.path("DealProposal").path("PieceCID").path("/").asText())) {
            throw new IllegalStateException("the piece has another commitment: " + piece.commP());
        }
        if (fault == Fault.FETCHED_AND_LOST) {
            throw new IllegalStateException("no space left on device");
        }
        long sector = states.entrySet().stream().filter(open -> open.getValue().equals("WaitDeals")
                && pieces.get(open.getKey()).size() < 2).map(Map.Entry::getKey).findFirst().orElse(states.size() + 70L);
        states.putIfAbsent(sector, "WaitDeals");
        ArrayNode list = pieces.computeIfAbsent(sector, number -> json.createArrayNode());
        ObjectNode item = list.addObject();
        item.putObject("Piece").put("Size", piece.size().bytes())
                .set("PieceCID", info.path("DealProposal").path("PieceCID"));
        item.set("DealInfo", info);
        added++;
        if (fault == Fault.ADDED_AND_SILENT) {
            throw new IOException("cut");
        }
        return json.createObjectNode().put("Sector", sector).put("Offset", (list.size() - 1) * piece.size().bytes());
    }

    private byte[] fetch(URI from, String range) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(from);
        if (range != null) {
            request.header("Range", range);
        }
        try {
            HttpResponse<byte[]> got = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (got.statusCode() / 100 != 2) {
                throw new IllegalStateException("non-200 status code " + got.statusCode());
            }
            return got.body();
        } catch (IOException e) {
            throw new IllegalStateException("reading the piece: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
