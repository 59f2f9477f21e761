package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An ask with its miner's signature. {@code received} is the ask's part of the message as it came, because that is what
 * the sender signed whatever its key order (wire-protocols §5.6).
 */
public record SignedAsk(
        @JsonProperty("Ask") StorageAsk ask,
        @JsonProperty("Signature") Signature signature,
        @JsonIgnore Bytes received) {

    public SignedAsk {
        Required.all(ask, "Ask", signature, "Signature");
        if (received == null) {
            // JSON carries no CBOR; then it is the order we emit ourselves.
            received = Bytes.wrap(ask.toCbor());
        }
    }

    private static final int MAX_KEY = 8192;

    /** An ask of our own, signed over {@link StorageAsk#toCbor}. */
    public SignedAsk(StorageAsk ask, Signature signature) {
        this(ask, signature, Bytes.wrap(ask.toCbor()));
    }

    /** Byte forms the signature may be over, likeliest first; the ask is genuine when it verifies over one of them. */
    @JsonIgnore
    public List<Bytes> signedForms() {
        return Stream.of(received, Bytes.wrap(ask.toCbor()), Bytes.wrap(ask.toCborDeclared()),
                Bytes.wrap(ask.toCborTuple())).distinct().toList();
    }

    /** The map {@code {Ask, Signature}} of ask 1.1.0. */
    public void writeTo(CborWriter out) {
        out.map(2).text("Ask");
        ask.writeTo(out);
        signature.writeTo(out.text("Signature"));
    }

    public byte[] toCbor() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    public static SignedAsk readFrom(CborReader in) {
        Bytes raw = null;
        StorageAsk ask = null;
        Signature signature = null;
        int entries = in.map();
        for (int i = 0; i < entries; i++) {
            switch (in.text(MAX_KEY)) {
                case "Ask" -> {
                    int from = in.position();
                    ask = StorageAsk.readFrom(in);
                    raw = in.since(from);
                }
                case "Signature" -> signature = Signature.readFrom(in);
                default -> in.skip();
            }
        }
        return of(ask, signature, raw);
    }

    public static SignedAsk ofCbor(byte[] cbor) {
        CborReader in = new CborReader(cbor);
        SignedAsk ask = readFrom(in);
        in.end();
        return ask;
    }

    private static SignedAsk of(@Nullable StorageAsk ask, @Nullable Signature signature, @Nullable Bytes raw) {
        if (ask == null || raw == null || signature == null) {
            throw new CodecException("a signed ask has an ask and a signature");
        }
        return new SignedAsk(ask, signature, raw);
    }
}
