package io.caravan.store;

import java.time.Instant;
import java.util.List;

/**
 * Where a miner was when it last answered a proposal.
 *
 * @param addresses multiaddrs in text, sorted
 */
public record Contact(String peer, List<String> addresses, Instant at) {

    public Contact {
        addresses = addresses.stream().sorted().toList();
    }
}
