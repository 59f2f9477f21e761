package io.caravan.chain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.model.Signature;
import io.caravan.model.SignatureType;

/** A message and its sender's signature: {@code 82 [Message, Signature]} (chain-and-rpc §3.4). */
public record SignedMessage(@JsonProperty("Message") Message message, @JsonProperty("Signature") Signature signature) {

    /**
     * The CID the network knows this message by: the inner message's for BLS, because blocks carry BLS messages
     * unsigned; this tuple's own for every other key.
     */
    @JsonProperty(value = "CID", access = JsonProperty.Access.READ_ONLY)
    public Cid cid() {
        return isBls() ? message.cid() : Cid.dagCborBlake2b(toCbor());
    }

    /** Whether the block carries this message unsigned, its signature in the aggregate. */
    @JsonIgnore
    public boolean isBls() {
        return signature.type() == SignatureType.BLS;
    }

    public void writeTo(CborWriter out) {
        out.array(2);
        message.writeTo(out);
        signature.writeTo(out);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static SignedMessage readFrom(CborReader in) {
        in.tuple(2);
        return new SignedMessage(Message.readFrom(in), Signature.readFrom(in));
    }

    /** @throws CodecException if the bytes are not exactly one signed message */
    public static SignedMessage ofCbor(byte[] cbor) {
        return Tuple.read(cbor, SignedMessage::readFrom);
    }
}
