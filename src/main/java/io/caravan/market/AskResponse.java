package io.caravan.market;

import io.caravan.codec.CborWriter;
import io.caravan.model.SignedAsk;
import org.jspecify.annotations.Nullable;

/**
 * The answer to an {@link AskRequest}. Map {@code a1}: Ask, null if the miner is not served there (wire-protocols
 * §5.2).
 */
record AskResponse(@Nullable SignedAsk ask) {

    byte[] toCbor() {
        CborWriter out = new CborWriter().map(1).text("Ask");
        if (ask == null) {
            out.nul();
        } else {
            ask.writeTo(out);
        }
        return out.toByteArray();
    }

    static AskResponse ofCbor(byte[] data) {
        return new AskResponse(CborFields.of(data).optional("Ask", SignedAsk::readFrom));
    }
}
