package io.caravan.node.observe.trace;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.sdk.common.InstrumentationScopeInfo;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@link Span} as OpenTelemetry's exporter reads it. */
record OtlpSpan(Span span, Resource resource) implements SpanData {

    private static final InstrumentationScopeInfo SCOPE = InstrumentationScopeInfo.create("io.caravan");

    private static SpanContext context(String trace, @Nullable String id) {
        return id == null ? SpanContext.getInvalid() : SpanContext.create(trace, id, TraceFlags.getSampled(), TraceState.getDefault());
    }

    private static long nanos(Instant at) {
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }

    @Override
    public String getName() {
        return span.name();
    }

    @Override
    public SpanKind getKind() {
        return SpanKind.INTERNAL;
    }

    @Override
    public SpanContext getSpanContext() {
        return context(span.trace(), span.id());
    }

    @Override
    public SpanContext getParentSpanContext() {
        return context(span.trace(), span.parent());
    }

    @Override
    public StatusData getStatus() {
        String failure = span.failure();
        return failure == null ? StatusData.unset() : StatusData.create(io.opentelemetry.api.trace.StatusCode.ERROR, Span.shortened(failure));
    }

    @Override
    public long getStartEpochNanos() {
        return nanos(span.start());
    }

    @Override
    public Attributes getAttributes() {
        return OtlpExport.attributes(span.attributes());
    }

    @Override
    public List<EventData> getEvents() {
        return span.events().stream().map(event -> EventData.create(nanos(event.at()), event.name(),
                event.detail() == null ? Attributes.empty() : OtlpExport.attributes(Map.of("caravan.detail", event.detail())))).toList();
    }

    @Override
    public List<LinkData> getLinks() {
        return span.links().stream().map(link -> LinkData.create(context(link.trace(), link.id()))).toList();
    }

    @Override
    public long getEndEpochNanos() {
        return nanos(span.end());
    }

    @Override
    public boolean hasEnded() {
        return true;
    }

    @Override
    public int getTotalRecordedEvents() {
        return span.events().size();
    }

    @Override
    public int getTotalRecordedLinks() {
        return span.links().size();
    }

    @Override
    public int getTotalAttributeCount() {
        return span.attributes().size();
    }

    @Override
    @Deprecated
    public io.opentelemetry.sdk.common.InstrumentationLibraryInfo getInstrumentationLibraryInfo() {
        return io.opentelemetry.sdk.common.InstrumentationLibraryInfo.create(SCOPE.getName(), null);
    }

    @Override
    public InstrumentationScopeInfo getInstrumentationScopeInfo() {
        return SCOPE;
    }

    @Override
    public Resource getResource() {
        return resource;
    }
}
