package io.caravan.node.observe.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends spans by OTLP over HTTP, as protobuf. */
final class OtlpExport implements SpanQueue.SpanSender {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    /** Held, because the JDK forgets a logger that nobody holds, with its level: the queue says itself when nothing is taken. */
    private static final Logger THEIRS = Logger.getLogger("io.opentelemetry");

    private final OtlpHttpSpanExporter exporter;
    private final Resource resource;

    /**
     * @param endpoint whole URL, such as {@code http://127.0.0.1:4318/v1/traces}
     * @param headers sent with each batch, such as an authorization
     * @param about the attributes of the resource, by name
     */
    OtlpExport(String endpoint, Map<String, String> headers, Map<String, String> about) {
        THEIRS.setLevel(Level.OFF);
        OtlpHttpSpanExporterBuilder builder = OtlpHttpSpanExporter.builder().setEndpoint(endpoint).setTimeout(LIMIT)
                .setConnectTimeout(LIMIT).setRetryPolicy(null).setCompression("gzip");
        headers.forEach(builder::addHeader);
        exporter = builder.build();
        resource = Resource.create(attributes(about));
    }

    static Attributes attributes(Map<String, String> pairs) {
        var attributes = Attributes.builder();
        pairs.forEach((name, value) -> attributes.put(AttributeKey.stringKey(name), value));
        return attributes.build();
    }

    @Override
    public boolean send(List<Span> batch) {
        CompletableResultCode result = exporter.export(batch.stream().<SpanData>map(span -> new OtlpSpan(span, resource)).toList());
        return result.join(LIMIT.toMillis(), TimeUnit.MILLISECONDS).isSuccess();
    }

    @Override
    public void close() {
        exporter.shutdown().join(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
