package io.caravan.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * Stands in for an OpenTelemetry collector: takes what an exporter posts to {@code /v1/traces} and reads the protobuf by the numbers of
 * opentelemetry-proto's trace.proto, by itself and not by the library that wrote it.
 */
public final class StandInCollector implements AutoCloseable {

    private final HttpServer server;
    private final List<Seen> spans = new CopyOnWriteArrayList<>();
    private final List<Map<String, List<String>>> headers = new CopyOnWriteArrayList<>();
    private volatile int status = 200;
    private final java.util.concurrent.ExecutorService threads = Executors.newCachedThreadPool();

    /**
     * One span as it came.
     *
     * @param service the service.name of its resource
     * @param parent empty for none
     * @param links trace and span, joined by a dash
     * @param code of its status: 0 unset, 2 error
     */
    public record Seen(String service, String trace, String id, String parent, String name, long start, long end,
            Map<String, String> attributes, List<String> events, List<String> links, long code) {}

    public StandInCollector() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/v1/traces", this::take);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What came so far. */
    public List<Seen> spans() {
        return List.copyOf(spans);
    }

    /** What the newest batch came with. */
    public Map<String, List<String>> lastHeaders() {
        return headers.get(headers.size() - 1);
    }

    /** Answers so from now on; what is not 200 is not kept. */
    public void answer(int code) {
        status = code;
    }

    private void take(HttpExchange call) throws IOException {
        try (call) {
            headers.add(Map.copyOf(call.getRequestHeaders()));
            InputStream in = call.getRequestBody();
            boolean isZipped = "gzip".equals(call.getRequestHeaders().getFirst("Content-Encoding"));
            byte[] body = (isZipped ? new GZIPInputStream(in) : in).readAllBytes();
            if (status == 200) {
                request(ByteBuffer.wrap(body));
            }
            call.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            call.sendResponseHeaders(status, -1);
        }
    }

    private interface Field {
        void read(int number, long value, ByteBuffer bytes);
    }

    private static void fields(ByteBuffer in, Field field) {
        in.order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            int number = (int) (tag >>> 3);
            switch ((int) (tag & 7)) {
                case 0 -> field.read(number, varint(in), ByteBuffer.allocate(0));
                case 1 -> field.read(number, in.getLong(), ByteBuffer.allocate(0));
                case 2 -> {
                    int length = (int) varint(in);
                    ByteBuffer part = in.slice(in.position(), length);
                    in.position(in.position() + length);
                    field.read(number, 0, part);
                }
                case 5 -> field.read(number, in.getInt(), ByteBuffer.allocate(0));
                default -> throw new IllegalStateException("no protobuf");
            }
        }
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }

    private void request(ByteBuffer body) {
        fields(body, (number, value, resourceSpans) -> {
            Map<String, String> resource = new HashMap<>();
            List<ByteBuffer> scopes = new ArrayList<>();
            fields(resourceSpans, (part, none, bytes) -> {
                if (part == 1) {
                    fields(bytes, (one, ignored, attribute) -> {
                        if (one == 1) {
                            attribute(attribute, resource);
                        }
                    });
                } else if (part == 2) {
                    scopes.add(bytes);
                }
            });
            scopes.forEach(scope -> fields(scope, (part, none, bytes) -> {
                if (part == 2) {
                    spans.add(span(resource.getOrDefault("service.name", ""), bytes));
                }
            }));
        });
    }

    private static Seen span(String service, ByteBuffer body) {
        Map<Integer, String> texts = new HashMap<>();
        Map<Integer, Long> numbers = new HashMap<>();
        Map<String, String> attributes = new HashMap<>();
        List<String> events = new ArrayList<>();
        List<String> links = new ArrayList<>();
        fields(body, (number, value, bytes) -> {
            switch (number) {
                case 1, 2, 4 -> texts.put(number, hex(bytes));
                case 5 -> texts.put(number, text(bytes));
                case 7, 8 -> numbers.put(number, value);
                case 9 -> attribute(bytes, attributes);
                case 11 -> fields(bytes, (part, none, name) -> {
                    if (part == 2) {
                        events.add(text(name));
                    }
                });
                case 13 -> {
                    List<String> ids = new ArrayList<>();
                    fields(bytes, (part, none, id) -> {
                        if (part <= 2) {
                            ids.add(hex(id));
                        }
                    });
                    links.add(String.join("-", ids));
                }
                case 15 -> fields(bytes, (part, code, none) -> {
                    if (part == 3) {
                        numbers.put(number, code);
                    }
                });
                default -> { }
            }
        });
        return new Seen(service, texts.get(1), texts.get(2), texts.getOrDefault(4, ""), texts.get(5), numbers.get(7), numbers.get(8), attributes,
                events, links, numbers.getOrDefault(15, 0L));
    }

    private static void attribute(ByteBuffer bytes, Map<String, String> into) {
        String[] pair = new String[2];
        fields(bytes, (part, none, value) -> {
            if (part == 1) {
                pair[0] = text(value);
            } else {
                fields(value, (kind, number, string) -> pair[1] = text(string));
            }
        });
        into.put(pair[0], pair[1]);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static String hex(ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.get(all);
        return HexFormat.of().formatHex(all);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
