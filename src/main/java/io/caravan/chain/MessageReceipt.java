package io.caravan.chain;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.Cid;
import io.caravan.codec.CodecException;
import org.jspecify.annotations.Nullable;

/**
 * What came of a message: {@code 84 [ExitCode, Return, GasUsed, EventsRoot]}; the older {@code 83} without the root is
 * read too (chain-and-rpc §3.4).
 *
 * @param exitCode 0 is success; see {@link ExitCode}
 * @param returned CBOR of the method's return value; empty for none
 * @param gasUsed gas units
 * @param eventsRoot null when the message emitted no events
 */
public record MessageReceipt(
        @JsonProperty("ExitCode") long exitCode,
        @JsonProperty("Return") Bytes returned,
        @JsonProperty("GasUsed") long gasUsed,
        @JsonProperty("EventsRoot") @Nullable Cid eventsRoot) {

    private static final int MAX_RETURN = 2 << 20;

    public MessageReceipt {
        returned = returned == null ? Bytes.EMPTY : returned;
    }

    @JsonIgnore
    public boolean isOk() {
        return exitCode == ExitCode.OK;
    }

    public void writeTo(CborWriter out) {
        out.array(4).integer(exitCode).bytes(returned).integer(gasUsed).cidOrNull(eventsRoot);
    }

    public byte[] toCbor() {
        return Tuple.bytesOf(this::writeTo);
    }

    public static MessageReceipt readFrom(CborReader in) {
        int fields = in.array();
        if (fields != 3 && fields != 4) {
            throw new CodecException("a receipt has 3 or 4 fields, not " + fields);
        }
        return new MessageReceipt(in.integer(), Bytes.wrap(in.bytes(MAX_RETURN)), in.integer(),
                fields == 4 ? in.cidOrNull() : null);
    }

    /** @throws CodecException if the bytes are not exactly one receipt */
    public static MessageReceipt ofCbor(byte[] cbor) {
        return Tuple.read(cbor, MessageReceipt::readFrom);
    }
}
