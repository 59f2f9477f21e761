package io.caravan.market;

import io.caravan.codec.Bytes;
import java.nio.ByteBuffer;
import java.util.UUID;

/** The 16 bytes that name a graphsync request, chosen by the requestor. */
record RequestId(Bytes bytes) {

    static final int SIZE = 16;

    RequestId {
        if (bytes.size() != SIZE) {
            throw new IllegalArgumentException("a request id has 16 bytes, not " + bytes.size());
        }
    }

    static RequestId random() {
        UUID id = UUID.randomUUID();
        return new RequestId(Bytes.wrap(ByteBuffer.allocate(SIZE).putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits()).array()));
    }

    @Override
    public String toString() {
        return bytes.hex();
    }
}
