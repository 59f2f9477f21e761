package io.caravan.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.libp2p.Deadlines;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Limits;
import io.caravan.libp2p.PeerMisbehavedException;
import io.caravan.libp2p.PeerUnreachableException;
import io.caravan.libp2p.ProtocolUnsupportedException;
import io.caravan.libp2p.Stream;
import io.caravan.libp2p.StreamResetException;
import io.caravan.support.TwoHosts;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class Libp2pComponentTest {

    private TwoHosts hosts;
    private CamelContext near;
    private CamelContext far;

    @BeforeEach
    void start() throws Exception {
        hosts = TwoHosts.start();
        near = context(hosts.near());
        far = new DefaultCamelContext();
        far.getRegistry().bind(Libp2pComponent.HOST_BEAN, hosts.far());
        far.addComponent("libp2p", new Libp2pComponent());
        far.start();
        near.start();
    }

    private static CamelContext context(Host host) {
        DefaultCamelContext context = new DefaultCamelContext();
        context.addComponent("libp2p", new Libp2pComponent(host));
        return context;
    }

    @AfterEach
    void stop() {
        near.stop();
        far.stop();
        hosts.close();
    }

    private void serve(String uri, org.apache.camel.Processor bean) throws Exception {
        far.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                from(uri).routeId("served").process(bean);
            }
        });
    }

    private byte[] ask(String protocol, Object body, String options) {
        ProducerTemplate template = near.createProducerTemplate();
        return template.requestBody("libp2p:" + protocol + "?peer=" + hosts.far().peerId() + "&addresses="
                + hosts.far().listenAddresses().get(0) + options, body, byte[].class);
    }

    @Test
    void servesAProtocolByARouteAndAsksAnother() throws Exception {
        serve("libp2p:/fil/storage/ask/1.1.0", exchange -> {
            Stream stream = exchange.getMessage().getBody(Stream.class);
            assertThat(exchange.getMessage().getHeaders()).isEmpty();
            stream.out().write(stream.in().readAllBytes());
        });
        assertThat(ask("/fil/storage/ask/1.1.0", new byte[] {1, 2, 3}, "")).containsExactly(1, 2, 3);
        assertThat(ask("/fil/storage/ask/1.1.0", "text", "")).containsExactly('t', 'e', 'x', 't');
    }

    @Test
    void servesSeveralProtocolsInOneRoute() throws Exception {
        serve("libp2p:/mk/1.1.1,/mk/1.1.0", exchange -> {
            Stream stream = exchange.getMessage().getBody(Stream.class);
            stream.out().write(stream.protocol().charAt(8));
        });
        assertThat(ask("/mk/1.1.0", null, "")).containsExactly('0');
        assertThat(ask("/mk/2,/mk/1.1.1", null, "")).containsExactly('1');
    }

    @Test
    void resetsTheStreamOfARouteThatFails() throws Exception {
        serve("libp2p:/x/1", exchange -> {
            throw new IllegalStateException("no");
        });
        assertThatThrownBy(() -> ask("/x/1", null, "")).isInstanceOf(CamelExecutionException.class)
                .hasCauseInstanceOf(StreamResetException.class);
    }

    @Test
    void stopsServingWithItsRoute() throws Exception {
        serve("libp2p:/x/1", exchange -> { });
        assertThat(ask("/x/1", null, "")).isEmpty();
        far.getRouteController().stopRoute("served");
        assertThatThrownBy(() -> ask("/x/1", null, "")).hasCauseInstanceOf(ProtocolUnsupportedException.class);
        far.getRouteController().startRoute("served");
        assertThat(ask("/x/1", null, "")).isEmpty();
    }

    @Test
    void refusesMoreStreamsThanItMayServeAtOnce() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        serve("libp2p:/x/1?maxInflight=1", exchange -> {
            inside.countDown();
            leave.await(20, TimeUnit.SECONDS);
        });
        Stream first = hosts.stream("/x/1");
        assertThat(inside.await(10, TimeUnit.SECONDS)).isTrue();
        AtomicReference<Throwable> refused = new AtomicReference<>();
        try (Stream second = hosts.stream("/x/1")) {
            second.in().read();
        } catch (RuntimeException e) {
            refused.set(e);
        }
        leave.countDown();
        first.close();
        assertThat(refused.get())
                .isInstanceOfSatisfying(StreamResetException.class, e -> assertThat(e.code()).isEqualTo(0x1002));
    }

    @Test
    void takesNoMoreReplyThanAllowed() throws Exception {
        serve("libp2p:/x/1", exchange -> exchange.getMessage().getBody(Stream.class).out().write(new byte[100]));
        assertThatThrownBy(() -> ask("/x/1", null, "&maxReply=99")).hasCauseInstanceOf(PeerMisbehavedException.class);
        assertThat(ask("/x/1", null, "&maxReply=100")).hasSize(100);
    }

    @Test
    void saysWhyAPeerIsUnreachable() {
        try (Host gone = TwoHosts.host(Limits.DEFAULT, Deadlines.DEFAULT)) {
            ProducerTemplate template = near.createProducerTemplate();
            assertThatThrownBy(() ->
                    template.requestBody("libp2p:/x/1?peer=" + gone.peerId() + "&addresses=/ip4/127.0.0.1/tcp/1",
                            new byte[0]))
                    .cause().isInstanceOf(PeerUnreachableException.class).hasMessageContaining("connection refused");
        }
    }

    @Test
    void refusesAProtocolWithoutItsSlash() {
        assertThatThrownBy(() -> near.getEndpoint("libp2p://fil/x")).hasStackTraceContaining("one slash before");
        assertThatThrownBy(() -> near.getEndpoint("libp2p:/x/1?nonsense=1")).hasStackTraceContaining("nonsense");
    }
}
