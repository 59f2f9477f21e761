package io.caravan.node.observe;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The text that Prometheus scrapes. What makes it is loaded by the first scrape, so a role that nobody scrapes pays nothing. */
public final class MetricsText implements Supplier<String>, AutoCloseable {

    private final Tally tally;
    private final Gauges gauges;
    private @Nullable PrometheusText text;
    private boolean isClosed;

    public MetricsText(Tally tally, Gauges gauges) {
        this.tally = tally;
        this.gauges = gauges;
    }

    @Override
    public String get() {
        return made().scrape();
    }

    private synchronized PrometheusText made() {
        if (isClosed) {
            throw new IllegalStateException("the role stops");
        }
        if (text == null) {
            text = new PrometheusText(tally, gauges);
        }
        return text;
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (text != null) {
            text.close();
        }
    }
}
