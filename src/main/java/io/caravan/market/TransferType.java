package io.caravan.market;

import io.caravan.codec.CodecException;

/** What a data-transfer message is about; the code is on the wire (wire-protocols §8.2). */
enum TransferType {
    NEW(0), UPDATE(1), CANCEL(2), COMPLETE(3), VOUCHER(4), VOUCHER_RESULT(5), RESTART(6), RESTART_EXISTING(7);

    private static final TransferType[] BY_CODE = {NEW, UPDATE, CANCEL, COMPLETE, VOUCHER, VOUCHER_RESULT, RESTART,
            RESTART_EXISTING};

    private final int code;

    TransferType(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static TransferType ofCode(long code) {
        if (code < 0 || code >= BY_CODE.length) {
            throw new CodecException("no data-transfer message has the type " + code);
        }
        return BY_CODE[(int) code];
    }
}
