package io.caravan.node.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Does to a role's port what strangers do: wrong tokens, forged origins, JSON that is too long or too deep, bodies that never
 * end, headers within headers, WebSockets against their protocol. All of it is chance of one seed. One thread.
 */
public final class Intruder {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final int ANSWER_BYTES = 64 << 10;
    private static final String SECRET_METHOD = "Caravan.Tokens";

    private final InetSocketAddress target;
    private final Random random;

    /** What he tries. */
    public enum Trick {
        WRONG_TOKEN, FORGED_ORIGIN, FORGED_HOST, FORGED_COOKIE, FORM, TOO_LONG, TOO_DEEP, TOO_MANY, NO_JSON, BROKEN_HEAD, INJECTED_HEADER,
        SMUGGLED, SLOW_BODY, SOCKET_ORIGIN, SOCKET_GARBAGE, GUESSED_LOGIN, TRAVERSAL
    }

    /**
     * One try.
     *
     * @param status of the answer; 0 if the connection ended without one
     * @param answer what came, head and body, at most so much
     * @param isBreach whether he got what he must not get
     */
    public record Attempt(Trick trick, int status, String answer, boolean isBreach) {}

    public Intruder(InetSocketAddress target, Random random) {
        this.target = target;
        this.random = random;
    }

    /** Tries something. */
    public Attempt once() {
        return once(Trick.values()[random.nextInt(Trick.values().length)]);
    }

    /** Tries that. */
    public Attempt once(Trick trick) {
        String answer;
        try (Socket socket = connected()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            perform(trick, socket);
            answer = trick == Trick.SLOW_BODY ? "" : answer(socket);
        } catch (IOException e) {
            answer = ""; // thrown out, which is as good as refused
        }
        int status = answer.startsWith("HTTP/1.1 ") ? Integer.parseInt(answer.substring(9, 12)) : 0;
        return new Attempt(trick, status, answer, isBreach(trick, status, answer));
    }

    /** Opens a connection and begins a request that never goes on; it is the caller's to close. */
    public Socket held() throws IOException {
        Socket socket = connected();
        boolean isHead = random.nextBoolean();
        send(socket, isHead ? "POST /rpc/v1 HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
                : "POST /rpc/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50000\r\n\r\n[");
        return socket;
    }

    private Socket connected() throws IOException {
        Socket socket = new Socket();
        if (target.getAddress().isLoopbackAddress() && System.getProperty("os.name", "").startsWith("Linux")) {
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0." + (2 + random.nextInt(3))), 0));
        }
        try {
            socket.connect(target, PATIENCE_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void perform(Trick trick, Socket socket) throws IOException {
        switch (trick) {
            case WRONG_TOKEN -> call(socket, "Authorization: Bearer " + token() + "\r\n", method());
            case FORGED_ORIGIN -> call(socket, "Origin: http://evil.example\r\n", method());
            case FORGED_HOST -> send(socket, "GET /login HTTP/1.1\r\nHost: evil" + random.nextInt(100) + ".example\r\nConnection: close\r\n\r\n");
            case FORGED_COOKIE -> call(socket, "Cookie: caravan-miner-" + target.getPort() + "=" + text(43) + "; caravan-daemon-"
                    + target.getPort() + "=" + text(43) + "\r\n", method());
            case FORM -> send(socket, post("/login", "Content-Type: application/x-www-form-urlencoded\r\n", "name=admin&password=admin"));
            case TOO_LONG -> send(socket, "POST /rpc/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + (1L << 31 + random.nextInt(20))
                    + "\r\nConnection: close\r\n\r\n" + "x".repeat(random.nextInt(4096)));
            case TOO_DEEP -> send(socket, post("/rpc/v1", "", (random.nextBoolean() ? "[" : "{\"a\":").repeat(200 + random.nextInt(20_000))));
            case TOO_MANY -> send(socket, post("/rpc/v1", "", "[" + "{\"id\":1,\"method\":\"Caravan.Whoami\",\"params\":[]},".repeat(2000) + "1]"));
            case NO_JSON -> send(socket, post("/rpc/v1", "", noise(1 + random.nextInt(2000))));
            case BROKEN_HEAD -> send(socket, noise(1 + random.nextInt(20_000)) + "\r\n\r\n");
            case INJECTED_HEADER -> send(socket, "GET /login%0d%0aSet-Cookie:%20a=b?next=%0d%0aX-Injected:%201 HTTP/1.1\r\nHost: localhost\r\n"
                    + "X-A: b\rX-Injected: 2\r\nConnection: close\r\n\r\n");
            case SMUGGLED -> send(socket, "POST /rpc/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n"
                    + "Connection: close\r\n\r\n0\r\n\r\nGET /secret HTTP/1.1\r\nHost: localhost\r\n\r\n");
            case SLOW_BODY -> send(socket, "POST /rpc/v1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + (1 + random.nextInt(1 << 20))
                    + "\r\n\r\n" + "[".repeat(random.nextInt(100)));
            case SOCKET_ORIGIN -> send(socket, upgrade("Origin: http://evil.example\r\n"));
            case SOCKET_GARBAGE -> {
                send(socket, upgrade(""));
                socket.getOutputStream().write(frames());
            }
            case GUESSED_LOGIN -> send(socket, post("/login", "Content-Type: application/json\r\n", "{\"name\":\"admin\",\"password\":\"" + text(12) + "\"}"));
            case TRAVERSAL -> send(socket, "GET /login/" + "..%2f".repeat(1 + random.nextInt(9)) + "etc/passwd HTTP/1.1\r\nHost: localhost\r\n"
                    + "Connection: close\r\n\r\n");
        }
    }

    private static boolean isBreach(Trick trick, int status, String answer) {
        boolean isSuccess = status >= 200 && status < 300 || status == 101;
        boolean isLetIn = switch (trick) {
            // Reading is anybody's on the machine itself; anything more is answered with an error, in JSON.
            case NO_JSON, TOO_DEEP, TOO_MANY, BROKEN_HEAD, SMUGGLED, SLOW_BODY, SOCKET_GARBAGE -> answer.contains("\"result\":[{\"id\"");
            case INJECTED_HEADER, TRAVERSAL -> isSuccess || answer.contains("root:");
            default -> isSuccess;
        };
        return isLetIn || answer.toLowerCase(Locale.ROOT).contains("\nx-injected") || answer.contains("\tat io.caravan");
    }

    private void call(Socket socket, String header, String method) throws IOException {
        send(socket, post("/rpc/v1", "Content-Type: application/json\r\n" + header, "{\"id\":1,\"method\":\"" + method + "\",\"params\":[]}"));
    }

    private String method() {
        return random.nextBoolean() ? SECRET_METHOD : "Caravan.Accounts";
    }

    private static String post(String path, String headers, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\nConnection: close\r\n\r\n" + body;
    }

    private static String upgrade(String headers) {
        return "GET /rpc/v1 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
    }

    /** Signed by nobody, or by another's secret, or not signed at all. */
    private String token() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String algorithm = random.nextBoolean() ? "none" : "HS256";
        String head = base64.encodeToString(("{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\"}").getBytes(StandardCharsets.UTF_8));
        String allow = base64.encodeToString("{\"Allow\":[\"read\",\"write\",\"sign\",\"admin\"]}".getBytes(StandardCharsets.UTF_8));
        byte[] signature = new byte[random.nextInt(3) * 16];
        random.nextBytes(signature);
        return List.of(head + "." + allow + "." + base64.encodeToString(signature), text(100), "a.b.c", "..", text(5000)).get(random.nextInt(5));
    }

    private byte[] frames() {
        byte[] bytes = new byte[1 + random.nextInt(4000)];
        random.nextBytes(bytes);
        bytes[0] = (byte) (random.nextBoolean() ? 0x81 : random.nextInt(256));
        return bytes;
    }

    private String text(int length) {
        return random.ints(length, 0, 62).collect(StringBuilder::new, (all, i) -> all.append("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".charAt(i)),
                StringBuilder::append).toString();
    }

    private String noise(int length) {
        return random.ints(length, 1, 256).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Until the far side ends it, or nothing comes. */
    private static String answer(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] part = new byte[4096];
        socket.setSoTimeout(PATIENCE_MILLIS);
        try {
            for (int n = socket.getInputStream().read(part); n >= 0 && all.size() < ANSWER_BYTES; n = socket.getInputStream().read(part)) {
                all.write(part, 0, n);
                socket.setSoTimeout(150);
            }
        } catch (SocketTimeoutException e) {
            // he goes on to the next
        } catch (IOException e) {
            if (all.size() == 0) {
                throw e;
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
