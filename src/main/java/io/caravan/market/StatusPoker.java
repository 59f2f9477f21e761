package io.caravan.market;

import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Libp2pException;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.Stream;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Pokes clients that are connected and know the protocol; nobody is dialed for it. */
public final class StatusPoker {

    private static final Logger LOG = LoggerFactory.getLogger(StatusPoker.class);
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final Host host;

    public StatusPoker(Host host) {
        this.host = host;
    }

    /** Whether that peer is connected and takes pokes. */
    public boolean takes(PeerId client) {
        return host.connections().stream().filter(connection -> connection.isOpen() && connection.remotePeer().equals(client))
                .map(Connection::identified).flatMap(info -> info.stream())
                .anyMatch(info -> info.protocols().contains(MarketProtocols.STATUS_POKE));
    }

    /** Sends it and waits for no answer; one that gets lost costs the client a later poll, nothing else. */
    public void poke(PeerId client, StatusPoke poke) {
        try (Stream stream = host.newStream(client, List.of(), List.of(MarketProtocols.STATUS_POKE), LIMIT)) {
            stream.out().write(poke.toCbor());
            stream.closeWrite();
        } catch (Libp2pException | IOException e) {
            LOG.debug("deal {}: {} was not poked: {}", poke.proposalCid(), client, e.getMessage());
        }
    }
}
