package io.caravan.node;

import io.caravan.node.config.Settings;
import io.caravan.node.observe.trace.Sampling;
import io.caravan.node.observe.trace.Traces;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Where the traces of a role go, by {@code caravan.trace.*}. */
final class TraceSettings {

    private static final String ENDPOINT = "caravan.trace.endpoint";
    private static final String HEADER = "caravan.trace.header";
    private static final String USUAL_PATH = "/v1/traces";

    private TraceSettings() {}

    /** The collector; empty where no traces are wanted. */
    static Optional<Traces.Collector> collector(Settings settings, String role, String node) {
        return settings.optional(ENDPOINT).map(given -> new Traces.Collector(url(settings), headers(settings),
                Map.of("service.name", "caravan-" + role, "service.version", Version.text(), "service.instance.id", node)));
    }

    static Sampling sampling(Settings settings) {
        return settings.parsed("caravan.trace.sample", text -> new Sampling(Double.parseDouble(text)), "a share from 0 to 1, such as 0.1");
    }

    /** @throws io.caravan.node.config.ConfigException naming a setting that cannot be used */
    static void check(Settings settings) {
        collector(settings, "daemon", "check");
        sampling(settings);
    }

    private static String url(Settings settings) {
        URI url = settings.parsed(ENDPOINT, URI::create, "a URL such as http://127.0.0.1:4318");
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw settings.wrong(ENDPOINT, "must be a URL such as http://127.0.0.1:4318");
        }
        return url.getPath().isEmpty() || url.getPath().equals("/") ? url.resolve(USUAL_PATH).toString() : url.toString();
    }

    private static Map<String, String> headers(Settings settings) {
        return settings.optional(HEADER).map(line -> {
            int colon = line.indexOf(':');
            if (colon < 1 || line.chars().anyMatch(c -> c < ' ' || c > '~')) {
                throw settings.wrong(HEADER, "must be a header such as Authorization: Bearer TOKEN");
            }
            return Map.of(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
        }).orElse(Map.of());
    }
}
