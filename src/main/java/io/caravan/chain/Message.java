package io.caravan.chain;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;

/**
 * A chain message before it is signed (chain-and-rpc §3.4): the CBOR tuple
 * {@code 8a [Version=0, To, From, Nonce, Value, GasLimit, GasFeeCap, GasPremium, Method, Params]}.
 *
 * @param version 0 on every message a chain accepts; others are read, so that their CID can be computed
 * @param value attoFIL that move with the message
 * @param gasFeeCap attoFIL per gas unit, at most
 * @param gasPremium attoFIL per gas unit for the block's miner
 * @param params CBOR of the method's parameters; empty for none
 */
public record Message(
        @JsonProperty("Version") long version,
        @JsonProperty("To") FilAddress to,
        @JsonProperty("From") FilAddress from,
        @JsonProperty("Nonce") long nonce,
        @JsonProperty("Value") TokenAmount value,
        @JsonProperty("GasLimit") long gasLimit,
        @JsonProperty("GasFeeCap") TokenAmount gasFeeCap,
        @JsonProperty("GasPremium") TokenAmount gasPremium,
        @JsonProperty("Method") long method,
        @JsonProperty("Params") Bytes params) {

    private static final int FIELDS = 10;
    private static final int MAX_PARAMS = 2 << 20;

    public Message {
        // JSON leaves out what Go holds as a zero value
        value = value == null ? TokenAmount.ZERO : value;
        gasFeeCap = gasFeeCap == null ? TokenAmount.ZERO : gasFeeCap;
        gasPremium = gasPremium == null ? TokenAmount.ZERO : gasPremium;
        params = params == null ? Bytes.EMPTY : params;
        if (to == null || from == null) {
            throw new CodecException("a message needs To and From");
        }
    }

    /** A message that moves nothing but its parameters, with nonce and gas still to be filled in. */
    public static Message of(FilAddress from, FilAddress to, TokenAmount value, long method, Bytes params) {
        return new Message(0, to, from, 0, value, 0, TokenAmount.ZERO, TokenAmount.ZERO, method, params);
    }

    public Message withNonce(long next) {
        return new Message(version, to, from, next, value, gasLimit, gasFeeCap, gasPremium, method, params);
    }

    public Message withGas(long limit, TokenAmount feeCap, TokenAmount premium) {
        return new Message(version, to, from, nonce, value, limit, feeCap, premium, method, params);
    }

    public Message withFrom(FilAddress sender) {
        return new Message(version, to, sender, nonce, value, gasLimit, gasFeeCap, gasPremium, method, params);
    }

    /** The most this message can cost its sender, attoFIL: the value and the whole gas limit at the fee cap. */
    public TokenAmount requiredFunds() {
        return value.plus(gasFeeCap.times(gasLimit));
    }

    /** The message's own CID, blake2b-256 over its CBOR; a BLS-signed message is known by this one. */
    @JsonProperty(value = "CID", access = JsonProperty.Access.READ_ONLY)
    public Cid cid() {
        return Cid.dagCborBlake2b(toCbor());
    }

    /** What a secp256k1 or BLS key signs: the 38 bytes of the message's CID, not its CBOR. */
    public byte[] signingBytes() {
        return cid().toBytes();
    }

    public void writeTo(CborWriter out) {
        out.array(FIELDS).uint(version);
        to.writeTo(out);
        from.writeTo(out);
        out.uint(nonce).bigInt(value.atto()).integer(gasLimit).bigInt(gasFeeCap.atto()).bigInt(gasPremium.atto());
        out.uint(method).bytes(params);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static Message readFrom(CborReader in) {
        in.tuple(FIELDS);
        return new Message(in.uint(), FilAddress.readFrom(in), FilAddress.readFrom(in), in.uint(),
                TokenAmount.readFrom(in),
                in.integer(), TokenAmount.readFrom(in), TokenAmount.readFrom(in), in.uint(),
                Bytes.wrap(in.bytes(MAX_PARAMS)));
    }

    /** @throws CodecException if the bytes are not exactly one message */
    public static Message ofCbor(byte[] cbor) {
        return Tuple.read(cbor, Message::readFrom);
    }
}
