package io.caravan.libp2p;

import io.caravan.codec.ProtobufReader;
import io.caravan.codec.ProtobufWriter;
import io.caravan.codec.Varint;
import io.caravan.crypto.PubKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The message of {@code /ipfs/id/1.0.0} and of its push (spec libp2p 1.7). Ours fits in one frame of 4096 bytes; of
 * others we take at most
 * 8192 bytes, 256 protocols and 64 addresses.
 */
final class IdentifyMessage {

    static final String PROTOCOL = "/ipfs/id/1.0.0";
    static final String PUSH = "/ipfs/id/push/1.0.0";

    static final int MAX_RECEIVED = 8192;
    private static final int MAX_SENT = 4096;
    private static final int MAX_PROTOCOLS = 256;
    private static final int MAX_ADDRESSES = 64;
    private static final int MAX_TEXT = 256;
    private static final String FAMILY = "caravan/1.0.0";

    private IdentifyMessage() {}

    /**
     * What we say of ourselves.
     *
     * @param observed the address under which we see who asks
     * @param record our addresses under our signature; it is left out if it does not fit
     */
    record Own(PubKey key, List<Multiaddr> addresses, List<String> protocols, @Nullable Multiaddr observed,
            String agent, byte @Nullable [] record) {}

    /**
     * With its length before it. What does not fit is left out: the signed record, addresses from the end of the list,
     * protocols.
     */
    static byte[] encode(Own own) {
        List<Multiaddr> fitting = new ArrayList<>(own.addresses());
        List<String> spoken = new ArrayList<>(own.protocols());
        byte[] record = own.record();
        byte[] body = body(own, fitting, spoken, record);
        while (body.length > MAX_SENT - 2 && (record != null || !fitting.isEmpty() || !spoken.isEmpty())) {
            if (record != null) {
                record = null;
            } else if (!fitting.isEmpty()) {
                fitting.remove(fitting.size() - 1);
            } else {
                spoken.remove(spoken.size() - 1);
            }
            body = body(own, fitting, spoken, record);
        }
        byte[] length = Varint.encode(body.length);
        byte[] framed = new byte[length.length + body.length];
        System.arraycopy(length, 0, framed, 0, length.length);
        System.arraycopy(body, 0, framed, length.length, body.length);
        return framed;
    }

    private static byte[] body(Own own, List<Multiaddr> addresses, List<String> protocols, byte @Nullable [] record) {
        ProtobufWriter out = new ProtobufWriter().bytes(1, own.key().toProtobuf());
        addresses.forEach(address -> out.bytes(2, address.toBytes()));
        protocols.forEach(protocol -> out.text(3, protocol));
        if (own.observed() != null) {
            out.bytes(4, own.observed().toBytes());
        }
        out.text(5, FAMILY).text(6, own.agent());
        return (record == null ? out : out.bytes(8, record)).toByteArray();
    }

    /**
     * Reads one message without its length.
     *
     * @param proven the peer that the handshake proved; a message with another key is refused
     * @throws IllegalArgumentException if it is malformed, too much, or of another peer
     */
    static PeerInfo decode(byte[] body, PeerId proven) {
        List<Multiaddr> addresses = new ArrayList<>();
        List<Multiaddr> observed = new ArrayList<>();
        List<String> protocols = new ArrayList<>();
        byte @Nullable [] envelope = null;
        String agent = "";
        String family = "";
        ProtobufReader in = new ProtobufReader(body);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> check(in.bytes(1200), proven);
                case 2 -> address(in.bytes(MAX_RECEIVED), addresses);
                case 3 -> {
                    String protocol = in.text(MAX_TEXT);
                    if (protocols.size() < MAX_PROTOCOLS) {
                        protocols.add(protocol);
                    }
                }
                case 4 -> address(in.bytes(MAX_RECEIVED), observed);
                case 5 -> family = clean(in.text(MAX_RECEIVED));
                case 6 -> agent = clean(in.text(MAX_RECEIVED));
                case 8 -> envelope = in.bytes(MAX_RECEIVED);
                default -> { }
            }
        }
        if (envelope != null) {
            addresses = certified(envelope, proven, addresses);
        }
        return new PeerInfo(proven, agent, family, protocols, addresses, observed);
    }

    /**
     * The addresses that the peer signed take the place of the others; a record that does not hold is as if it were not
     * there.
     */
    private static List<Multiaddr> certified(byte[] envelope, PeerId proven, List<Multiaddr> others) {
        try {
            PeerRecord record = PeerRecord.open(envelope);
            return record.peer().equals(proven) ? record.addresses() : others;
        } catch (IllegalArgumentException e) {
            return others;
        }
    }

    private static void check(byte[] key, PeerId proven) {
        if (!PeerId.of(PubKey.ofProtobuf(key)).equals(proven)) {
            throw new IllegalArgumentException("identify with the key of another peer");
        }
    }

    /** One that we cannot read is left out, the others stay. */
    private static void address(byte[] bytes, List<Multiaddr> into) {
        if (into.size() < MAX_ADDRESSES) {
            try {
                into.add(Multiaddr.ofBytes(bytes));
            } catch (IllegalArgumentException e) {
                return;
            }
        }
    }

    private static String clean(String text) {
        String printable = text.replaceAll("\\p{Cntrl}", "");
        return printable.length() <= MAX_TEXT ? printable : printable.substring(0, MAX_TEXT);
    }
}
