package io.caravan.libp2p;

import io.caravan.crypto.PrivKey;
import java.time.Clock;
import java.util.List;

/** What a host was built with. */
record HostConfig(PrivKey key, Clock clock, List<Multiaddr> listen, List<Multiaddr> announce, String agent,
        Limits limits, Deadlines deadlines, PeerStore peers, PeerFilter filter, int workers) {}
