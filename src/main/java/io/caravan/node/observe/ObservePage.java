package io.caravan.node.observe;

import io.caravan.rpc.Caller;
import io.caravan.rpc.HttpPage;
import io.caravan.rpc.Permission;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What machines ask: {@code /observe/metrics} for Prometheus, {@code /observe/health} with every check, and, for whoever restarts or
 * routes around a process, {@code /observe/health/live} and {@code /observe/health/ready}, which say yes or no and nothing else
 * and therefore ask nobody for a token.
 */
public final class ObservePage implements HttpPage {

    /** Below which path. */
    public static final String PREFIX = "/observe/";

    private final HealthBoard health;
    private final Supplier<String> metrics;

    /** @param metrics the text that Prometheus reads */
    public ObservePage(HealthBoard health, Supplier<String> metrics) {
        this.health = health;
        this.metrics = metrics;
    }

    @Override
    public Reply handle(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return new Reply(405, "text/plain", Map.of("Allow", "GET, HEAD"), new byte[0]);
        }
        return switch (request.path()) {
            case "/observe/health/live" -> health.isLive() ? Reply.text(200, "live") : Reply.text(503, "not live");
            case "/observe/health/ready" -> health.isReady() ? Reply.text(200, "ready") : Reply.text(503, "not ready");
            case "/observe/health" -> guarded(request, this::report);
            case "/observe/metrics" -> guarded(request, () -> reply(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get()));
            default -> Reply.text(404, "there is /observe/health, /observe/health/live, /observe/health/ready and /observe/metrics");
        };
    }

    private Reply guarded(Request request, Supplier<Reply> answer) {
        if (!request.permissions().contains(Permission.READ) || isStranger(request)) {
            return new Reply(401, "text/plain; charset=utf-8", Map.of("WWW-Authenticate", "Bearer"),
                    "a token with the right read is needed here: Authorization: Bearer TOKEN\n".getBytes(StandardCharsets.UTF_8));
        }
        return answer.get();
    }

    /** One without a name who is not of this machine; what a proxy on this machine hands on comes from elsewhere. */
    private static boolean isStranger(Request request) {
        boolean isOfThisMachine = request.caller().address().isLoopbackAddress()
                && !request.headers().containsKey("x-forwarded-for") && !request.headers().containsKey("forwarded");
        return request.caller().kind() == Caller.Kind.NOBODY && !isOfThisMachine;
    }

    private Reply report() {
        HealthReport report = health.report();
        return reply(report.isReady() ? 200 : 503, "application/json", HealthJson.of(report).toPrettyString() + "\n");
    }

    private static Reply reply(int status, String type, String text) {
        return new Reply(status, type, Map.of("Cache-Control", "no-store"), text.getBytes(StandardCharsets.UTF_8));
    }
}
