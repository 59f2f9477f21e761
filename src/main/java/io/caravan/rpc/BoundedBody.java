package io.caravan.rpc;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.IntSupplier;

/** Collects one body or message as it arrives, within its own limit and the server's budget. One thread. */
final class BoundedBody {
    private final IntSupplier limit;
    private final ByteBudget budget;
    private ByteArrayOutputStream bytes = new ByteArrayOutputStream(0);
    private long taken;

    /** How adding went. */
    enum Fit { FITS, TOO_LONG, BUSY }

    BoundedBody(IntSupplier limit, ByteBudget budget) {
        this.limit = limit;
        this.budget = budget;
    }

    Fit add(ByteBuf part) {
        int length = part.readableBytes();
        if (taken + length > limit.getAsInt()) {
            return Fit.TOO_LONG;
        }
        if (!budget.take(length)) {
            return Fit.BUSY;
        }
        taken += length;
        try {
            part.readBytes(bytes, length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Fit.FITS;
    }

    /** What came, once; the budget stays taken until {@link #release}. */
    byte[] finish() {
        byte[] all = bytes.toByteArray();
        bytes = new ByteArrayOutputStream(0);
        return all;
    }

    /** Forgets the bytes and gives the budget back. */
    void release() {
        bytes = new ByteArrayOutputStream(0);
        budget.give(taken);
        taken = 0;
    }
}
