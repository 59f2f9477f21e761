package io.caravan.camel;

import io.caravan.model.Role;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.camel.Component;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** {@code deal:moves} and {@code sector:moves}: every move, in order, at least once, to one receiver; each as JSON text. */
@UriEndpoint(firstVersion = "0.1.0", scheme = "deal", title = "Moves", syntax = "deal:moves, sector:moves", consumerOnly = true,
        remote = false)
public class MovesEndpoint extends DefaultEndpoint {

    static final String TARGET = "moves";
    private static final Pattern NAMES = Pattern.compile("[a-z][a-z0-9-]{0,39}");

    private final MoveSource source;

    @UriPath(description = "moves: deal:moves has those of this node's deals, sector:moves those of sectors.")
    @Metadata(required = true)
    private final String target = TARGET;

    @UriParam(label = "consumer", description = "The receiver, by which the place is remembered: small letters, digits and -. "
            + "A new name begins anew.")
    @Metadata(required = true)
    private @Nullable String name;

    @UriParam(label = "consumer", enums = "client,provider", description = "The side of the market; the component's own if left out.")
    private @Nullable Role side;

    @UriParam(label = "consumer", enums = "now,first", defaultValue = "now",
            description = "Where a new receiver begins: with what happens from now on, or with the oldest one that is kept.")
    private String begin = "now";

    @UriParam(label = "consumer", defaultValue = "1",
            description = "Most moves in one message: 1 sends each as a JSON object, more send JSON arrays.")
    private int batch = 1;

    @UriParam(label = "consumer", defaultValue = "1s",
            description = "How long to wait after a message that was not taken; doubled with each failure in a row.")
    private Duration delay = Duration.ofSeconds(1);

    @UriParam(label = "consumer", defaultValue = "1m", description = "The longest such wait.")
    private Duration longestDelay = Duration.ofMinutes(1);

    @UriParam(label = "consumer", defaultValue = "30s",
            description = "How long after this node was lost another one begins to hand out.")
    private Duration lease = Duration.ofSeconds(30);

    MovesEndpoint(String uri, Component component, MoveSource source) {
        super(uri, component);
        this.source = source;
    }

    @Override
    public Consumer createConsumer(Processor route) throws Exception {
        if (name == null || !NAMES.matcher(name).matches()) {
            throw new IllegalArgumentException(getEndpointUri() + ": the receiver needs a name of small letters, digits and -, such as name=webhook");
        }
        if (batch < 1 || batch > MovesConsumer.READ) {
            throw new IllegalArgumentException(getEndpointUri() + ": batch is 1 to " + MovesConsumer.READ);
        }
        Feeds feeds = Optional.ofNullable(getCamelContext().getRegistry().lookupByNameAndType(Feeds.NAME, Feeds.class))
                .orElseThrow(() -> new IllegalArgumentException(getEndpointUri() + ": this context has no feeds"));
        var consumer = new MovesConsumer(this, route, feeds, source);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        throw new IllegalArgumentException(getEndpointUri() + ": moves are read here, events are fired by deal:fire/<Event>");
    }

    boolean isFromTheFirst() {
        return begin.equals("first");
    }

    public String getTarget() {
        return target;
    }

    public @Nullable String getName() {
        return name;
    }

    public void setName(String name) {
        this.name = name;
    }

    public @Nullable String getRole() {
        return side == null ? null : side.text();
    }

    /** Refuses a side that this node does not keep. */
    public void setRole(String role) {
        if (!source.topic().equals(role)) {
            throw new IllegalArgumentException(getEndpointUri() + ": this hands out the moves of " + source.topic() + ", not of " + role);
        }
        side = Role.of(role);
    }

    public String getBegin() {
        return begin;
    }

    /** Refuses anything but now and first. */
    public void setBegin(String begin) {
        if (!begin.equals("now") && !begin.equals("first")) {
            throw new IllegalArgumentException(getEndpointUri() + ": begin is now or first, not " + begin);
        }
        this.begin = begin;
    }

    public int getBatch() {
        return batch;
    }

    public void setBatch(int batch) {
        this.batch = batch;
    }

    public Duration getDelay() {
        return delay;
    }

    public void setDelay(Duration delay) {
        this.delay = delay;
    }

    public Duration getLongestDelay() {
        return longestDelay;
    }

    public void setLongestDelay(Duration longestDelay) {
        this.longestDelay = longestDelay;
    }

    public Duration getLease() {
        return lease;
    }

    public void setLease(Duration lease) {
        this.lease = lease;
    }
}
