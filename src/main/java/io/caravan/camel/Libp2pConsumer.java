package io.caravan.camel;

import io.caravan.libp2p.HandlerOptions;
import io.caravan.libp2p.Stream;
import java.util.concurrent.ExecutorService;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.ThreadPoolProfileBuilder;
import org.apache.camel.spi.ThreadPoolProfile;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Serves a protocol exactly while its route runs. One exchange carries one {@link Stream}; when the route is done the
 * stream is closed, when it failed the stream is reset. Nothing of what the peer sent becomes a header.
 */
final class Libp2pConsumer extends DefaultConsumer implements Retirable {

    private final Libp2pEndpoint endpoint;
    private @Nullable ExecutorService threads;

    Libp2pConsumer(Libp2pEndpoint endpoint, Processor route) {
        super(endpoint, route);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        // No queue: what finds no thread is refused, and the peer hears so at once.
        ThreadPoolProfile profile = new ThreadPoolProfileBuilder("libp2p").poolSize(1)
                .maxPoolSize(endpoint.getMaxInflight()).maxQueueSize(0).keepAliveTime(30L).allowCoreThreadTimeOut(true)
                .rejectedPolicy(ThreadPoolRejectedPolicy.Abort).build();
        threads = endpoint.getCamelContext().getExecutorServiceManager().newThreadPool(this, "libp2p", profile);
        serve();
    }

    @Override
    protected void doStop() throws Exception {
        unserve();
        if (threads != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(threads);
            threads = null;
        }
        super.doStop();
    }

    @Override
    protected void doSuspend() throws Exception {
        unserve();
        super.doSuspend();
    }

    @Override
    protected void doResume() throws Exception {
        super.doResume();
        serve();
    }

    @Override
    public void retire() {
        unserve();
    }

    @Override
    public void takeUp() {
        if (isRunAllowed() && !isSuspendingOrSuspended()) {
            serve();
        }
    }

    private void serve() {
        HandlerOptions options = new HandlerOptions(endpoint.getMaxInflight(), endpoint.getMaxPerPeer(), threads);
        endpoint.protocolIds().forEach(protocol -> endpoint.getComponent().serve(protocol, this, options, this::handle));
    }

    private void unserve() {
        endpoint.protocolIds().forEach(protocol -> endpoint.getComponent().unserve(protocol, this));
    }

    private void handle(Stream stream) throws Exception {
        stream.setDeadline(endpoint.getDeadline());
        Exchange exchange = createExchange(false);
        exchange.getMessage().setBody(stream);
        try (MDC.MDCCloseable scope = MDC.putCloseable("peer", stream.remotePeer().toString())) {
            getProcessor().process(exchange);
            Exception failure = exchange.getException();
            if (failure != null) {
                throw failure; // the host resets the stream
            }
        } finally {
            releaseExchange(exchange, false);
        }
    }
}
