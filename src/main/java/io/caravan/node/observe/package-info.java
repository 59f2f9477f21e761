/**
 * What operators watch: counters and gauges for Prometheus, health with its checks, traces of deals, lines of logs. It hears of
 * things through narrow interfaces of the packages below, which know nothing of it. Micrometer and OpenTelemetry stay in
 * here, and are loaded only when somebody scrapes or wants traces.
 */
@NullMarked
package io.caravan.node.observe;

import org.jspecify.annotations.NullMarked;
