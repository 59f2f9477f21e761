package io.caravan.market;

import io.caravan.codec.CborWriter;
import io.caravan.model.FilAddress;

/** "What do you ask?" Map {@code a1}: Miner (wire-protocols §5.2). */
record AskRequest(FilAddress miner) {

    byte[] toCbor() {
        CborWriter out = new CborWriter().map(1).text("Miner");
        miner.writeTo(out);
        return out.toByteArray();
    }

    static AskRequest ofCbor(byte[] data) {
        return new AskRequest(CborFields.of(data).required("Miner", FilAddress::readFrom));
    }
}
