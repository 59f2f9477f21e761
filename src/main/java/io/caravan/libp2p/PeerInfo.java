package io.caravan.libp2p;

import java.util.List;

/**
 * What a peer says about itself by identify. All of it is the peer's claim except the id, which the handshake has
 * proven.
 *
 * @param agent the program's name and version; at most 256 characters, control characters removed; may be empty
 * @param protocolVersion the peer's family of protocols; bounded and cleaned as the agent
 * @param protocols the protocol ids it serves, at most 256
 * @param listenAddresses where it says it can be dialed, at most 64
 * @param observed how the peer sees our address, empty list if it did not say
 */
public record PeerInfo(PeerId peer, String agent, String protocolVersion, List<String> protocols,
        List<Multiaddr> listenAddresses, List<Multiaddr> observed) {

    public PeerInfo {
        protocols = List.copyOf(protocols);
        listenAddresses = List.copyOf(listenAddresses);
        observed = List.copyOf(observed);
    }
}
