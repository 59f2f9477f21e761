package io.caravan.node.observe.trace;

import io.caravan.node.observe.Tally;
import io.caravan.time.Alarms;
import java.util.Map;
import java.util.function.Supplier;

/** Opens the way to a collector. */
public final class Traces {

    private Traces() {}

    /**
     * Where traces go.
     *
     * @param endpoint whole URL, such as {@code http://127.0.0.1:4318/v1/traces}
     * @param headers sent with each batch
     * @param about the attributes of the resource: service.name and the like
     */
    public record Collector(String endpoint, Map<String, String> headers, Map<String, String> about) {}

    /** A queue towards that collector; nothing of OpenTelemetry is loaded before the first span. */
    public static SpanQueue to(Collector collector, Supplier<Sampling> sampling, Tally tally, Alarms alarms) {
        return new SpanQueue(() -> new OtlpExport(collector.endpoint(), collector.headers(), collector.about()), sampling, tally, alarms);
    }
}
