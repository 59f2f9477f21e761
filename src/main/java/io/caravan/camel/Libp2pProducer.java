package io.caravan.camel;

import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerMisbehavedException;
import io.caravan.libp2p.Stream;
import java.io.InputStream;
import java.util.List;
import org.apache.camel.Exchange;
import org.apache.camel.support.DefaultProducer;

/**
 * Sends the body to a peer, closes our side, and takes what the peer answers until it closes as the new body, as bytes.
 */
final class Libp2pProducer extends DefaultProducer {

    private final Libp2pEndpoint endpoint;
    private final PeerId peer;
    private final List<Multiaddr> addresses;

    Libp2pProducer(Libp2pEndpoint endpoint, PeerId peer, List<Multiaddr> addresses) {
        super(endpoint);
        this.endpoint = endpoint;
        this.peer = peer;
        this.addresses = addresses;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Stream stream = endpoint.getComponent().getHost()
                .newStream(peer, addresses, endpoint.protocolIds(), endpoint.getDialTimeout());
        boolean done = false;
        try {
            stream.setDeadline(endpoint.getDeadline());
            if (exchange.getMessage().getBody() instanceof byte[] bytes) {
                stream.out().write(bytes);
            } else if (exchange.getMessage().getBody() != null) {
                try (InputStream body = exchange.getMessage().getMandatoryBody(InputStream.class)) {
                    body.transferTo(stream.out());
                }
            }
            stream.closeWrite();
            byte[] reply = stream.in().readNBytes(endpoint.getMaxReply());
            if (stream.in().read() >= 0) {
                throw new PeerMisbehavedException("peer " + peer + " replies more than " + endpoint.getMaxReply()
                        + " bytes to "
                        + stream.protocol());
            }
            exchange.getMessage().setBody(reply);
            done = true;
        } finally {
            if (done) {
                stream.close();
            } else {
                stream.reset();
            }
        }
    }
}
