package io.caravan.camel;

import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** One protocol or several of one kind, served (from) or asked for (to). */
@UriEndpoint(firstVersion = "0.1.0", scheme = "libp2p", title = "libp2p", syntax = "libp2p:protocols")
public class Libp2pEndpoint extends DefaultEndpoint {

    @UriPath(description =
            "The protocol id with its first slash, e.g. /fil/storage/mk/1.1.1; several with commas between.")
    @Metadata(required = true)
    private final String protocols;

    @UriParam(label = "consumer", defaultValue = "64",
            description = "Streams served at the same time, each on a thread of its own; more are refused.")
    private int maxInflight = 64;

    @UriParam(label = "consumer", defaultValue = "16", description = "The same for a single peer.")
    private int maxPerPeer = 16;

    @UriParam(label = "common", defaultValue = "60s",
            description = "The longest single wait for the peer to send or to take bytes.")
    private Duration deadline = Duration.ofSeconds(60);

    @UriParam(label = "producer", description = "The peer to ask, as 12D3KooW….")
    private @Nullable String peer;

    @UriParam(label = "producer",
            description = "Where to dial it: multiaddrs with commas between, beside those already known.")
    private @Nullable String addresses;

    @UriParam(label = "producer", defaultValue = "45s",
            description = "The longest time to reach the peer and agree on a protocol.")
    private Duration dialTimeout = Duration.ofSeconds(45);

    @UriParam(label = "producer", defaultValue = "1048576", description = "The most bytes to take as the reply.")
    private int maxReply = 1 << 20;

    Libp2pEndpoint(String uri, Libp2pComponent component, String protocols) {
        super(uri, component);
        for (String protocol : protocols.split(",", -1)) {
            if (!protocol.startsWith("/") || protocol.length() < 2) {
                throw new IllegalArgumentException("libp2p: needs protocol ids with one slash before, as "
                        + "libp2p:/fil/storage/ask/1.1.0, not '" + protocol + "'");
            }
        }
        this.protocols = protocols;
    }

    @Override
    public Libp2pComponent getComponent() {
        return (Libp2pComponent) super.getComponent();
    }

    @Override
    public Consumer createConsumer(Processor route) throws Exception {
        Libp2pConsumer consumer = new Libp2pConsumer(this, route);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public Producer createProducer() {
        if (peer == null) {
            throw new IllegalArgumentException(getEndpointUri() + " needs the option peer to ask");
        }
        List<Multiaddr> places = addresses == null || addresses.isBlank() ? List.of()
                : Arrays.stream(addresses.split(",")).map(String::trim).map(Multiaddr::parse).toList();
        return new Libp2pProducer(this, PeerId.parse(peer), places);
    }

    List<String> protocolIds() {
        return List.of(protocols.split(","));
    }

    public String getProtocols() {
        return protocols;
    }

    public int getMaxInflight() {
        return maxInflight;
    }

    public void setMaxInflight(int maxInflight) {
        this.maxInflight = maxInflight;
    }

    public int getMaxPerPeer() {
        return maxPerPeer;
    }

    public void setMaxPerPeer(int maxPerPeer) {
        this.maxPerPeer = maxPerPeer;
    }

    public Duration getDeadline() {
        return deadline;
    }

    public void setDeadline(Duration deadline) {
        this.deadline = deadline;
    }

    public @Nullable String getPeer() {
        return peer;
    }

    public void setPeer(String peer) {
        this.peer = peer;
    }

    public @Nullable String getAddresses() {
        return addresses;
    }

    public void setAddresses(String addresses) {
        this.addresses = addresses;
    }

    public Duration getDialTimeout() {
        return dialTimeout;
    }

    public void setDialTimeout(Duration dialTimeout) {
        this.dialTimeout = dialTimeout;
    }

    public int getMaxReply() {
        return maxReply;
    }

    public void setMaxReply(int maxReply) {
        this.maxReply = maxReply;
    }
}
