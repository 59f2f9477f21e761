package io.caravan.camel;

import org.apache.camel.Exchange;

/** The row an exchange is about, whatever its body has become: as last stored, or else as claimed. */
final class Claimed {

    private Claimed() {}

    static <T> T latest(Exchange exchange, Class<T> type) {
        Object fired = exchange.getProperty(Settler.FIRED);
        if (type.isInstance(fired)) {
            return type.cast(fired);
        }
        Object claimed = exchange.getProperty(Settler.CLAIMED);
        if (type.isInstance(claimed)) {
            return type.cast(claimed);
        }
        return type.cast(exchange.getMessage().getBody());
    }
}
