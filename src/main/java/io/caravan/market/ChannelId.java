package io.caravan.market;

import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import io.caravan.libp2p.PeerId;

/**
 * The key of a data transfer on both sides: who started it, who answers, and a number chosen by the initiator
 * (wire-protocols §8.2). CBOR: {@code 83} initiator, responder as text strings of binary peer ids, number.
 *
 * @param id unsigned 64 bits
 */
public record ChannelId(PeerId initiator, PeerId responder, long id) {

    private static final int MAX_PEER_ID = 128;

    void writeTo(CborWriter out) {
        out.array(3).textBytes(initiator.toBytes()).textBytes(responder.toBytes()).unsigned(id);
    }

    byte[] toCbor() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    static ChannelId readFrom(CborReader in) {
        in.tuple(3);
        return new ChannelId(peer(in.textBytes(MAX_PEER_ID)), peer(in.textBytes(MAX_PEER_ID)), in.unsigned());
    }

    private static PeerId peer(byte[] raw) {
        try {
            return PeerId.ofBytes(raw);
        } catch (IllegalArgumentException e) {
            throw new CodecException("a channel names a peer that is none", e);
        }
    }

    /** {@code <initiator>-<responder>-<id>}, as Lotus prints it. */
    @Override
    public String toString() {
        return initiator + "-" + responder + "-" + Long.toUnsignedString(id);
    }
}
