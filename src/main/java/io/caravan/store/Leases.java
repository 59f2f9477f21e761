package io.caravan.store;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Names this node on its leases, and each claim by a token of its own: a slow worker of the same node loses. */
final class Leases {

    private final String owner;
    private final String life = UUID.randomUUID().toString();
    private final AtomicLong claims = new AtomicLong();

    Leases(String owner) {
        if (owner.isBlank()) {
            throw new IllegalArgumentException("a node needs a name to hold leases");
        }
        this.owner = owner;
    }

    String owner() {
        return owner;
    }

    String next() {
        return life + "#" + claims.incrementAndGet();
    }
}
