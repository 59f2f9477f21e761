/**
 * One trace a deal. What happens becomes {@link io.caravan.node.observe.trace.Span}s, which wait in a bounded queue and go to a collector
 * by OTLP over HTTP. Only {@link io.caravan.node.observe.trace.OtlpExport} knows OpenTelemetry; it is loaded when the first spans
 * are sent, and never where no collector is set.
 */
@NullMarked
package io.caravan.node.observe.trace;

import org.jspecify.annotations.NullMarked;
