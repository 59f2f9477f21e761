package io.caravan.codec;

/** Bytes or text that do not follow their format; the message says which rule was broken, never the payload. */
public class CodecException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    public CodecException(String message) {
        super(message);
    }

    public CodecException(String message, Throwable cause) {
        super(message, cause);
    }
}
