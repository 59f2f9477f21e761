package io.caravan.codec;

/** Steps over one item whatever it is; depth-limited, so that nesting cannot exhaust the stack. */
final class CborSkip {

    private CborSkip() {
    }

    static void one(CborReader in, int depthLeft) {
        if (depthLeft <= 0) {
            throw in.fail("nested too deep");
        }
        switch (in.major()) {
            case CborReader.UINT, CborReader.NEGATIVE -> in.header(in.major());
            case CborReader.BYTES, CborReader.TEXT -> in.skipString(in.major());
            case CborReader.ARRAY -> many(in, in.entries(CborReader.ARRAY), depthLeft - 1);
            case CborReader.MAP -> many(in, 2 * in.entries(CborReader.MAP), depthLeft - 1);
            case CborReader.TAG -> {
                in.header(CborReader.TAG);
                one(in, depthLeft - 1);
            }
            default -> simple(in);
        }
    }

    private static void many(CborReader in, int items, int depthLeft) {
        for (int i = 0; i < items; i++) {
            one(in, depthLeft);
        }
    }

    private static void simple(CborReader in) {
        if (in.isNull()) {
            in.nul();
        } else if (in.peek() == 0xfb) {
            in.float64();
        } else {
            in.bool();
        }
    }
}
