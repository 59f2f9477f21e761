package io.caravan.codec;

/** base58btc, the text of CIDv0 and of peer ids. */
public final class Base58 {

    private Base58() {
    }

    public static String encode(byte[] data) {
        return BaseX.BASE58.encode(data);
    }

    /** Refuses foreign characters and text of more than 1024 characters. */
    public static byte[] decode(String text) {
        return BaseX.BASE58.decode(text);
    }
}
