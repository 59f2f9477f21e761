package io.caravan.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/** A real HTTP service inside a test's JVM, which can go away and come back at the same port. */
public final class TestService implements AutoCloseable {

    /** What it answers a request's body with. */
    public record Answer(int status, String body) {}

    private final int port = FreePort.take();
    private final Function<String, Answer> answers;
    private HttpServer server;
    private ExecutorService threads;

    public TestService(Function<String, Answer> answers) {
        this.answers = answers;
    }

    /** Where it is while it runs. */
    public String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Starts it. */
    public void start() throws IOException {
        threads = Executors.newCachedThreadPool();
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answers.apply(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.stop(0);
            threads.shutdownNow();
            server = null;
        }
    }
}
