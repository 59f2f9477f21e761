package io.caravan.crypto;

/** A key, signature or cipher that cannot be used: malformed, of the wrong kind, or its native library is absent. */
public class CryptoException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public CryptoException(String message) {
        super(message);
    }

    public CryptoException(String message, Throwable cause) {
        super(message, cause);
    }
}
