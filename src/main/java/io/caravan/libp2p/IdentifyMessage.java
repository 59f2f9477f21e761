package io.caravan.libp2p;

import io.caravan.codec.ProtobufReader;
import io.caravan.codec.ProtobufWriter;
import io.caravan.codec.Varint;
import io.caravan.crypto.PubKey;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The message of {@code /ipfs/id/1.0.0} and of its push (spec libp2p 1.7). Ours fits in one frame of 4096 bytes; of others we take at most
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

    /** With its length before it. Addresses at the end of the list are left out if they do not fit, then protocols. */
    static byte[] encode(PubKey key, List<Multiaddr> addresses, List<String> protocols, @Nullable Multiaddr observed, String agent) {
        List<Multiaddr> fitting = new ArrayList<>(addresses);
        List<String> spoken = new ArrayList<>(protocols);
        byte[] body = body(key, fitting, spoken, observed, agent);
        while (body.length > MAX_SENT - 2 && !(fitting.isEmpty() && spoken.isEmpty())) {
            if (!fitting.isEmpty()) {
                fitting.remove(fitting.size() - 1);
            } else {
                spoken.remove(spoken.size() - 1);
            }
            body = body(key, fitting, spoken, observed, agent);
        }
        byte[] length = Varint.encode(body.length);
        byte[] framed = new byte[length.length + body.length];
        System.arraycopy(length, 0, framed, 0, length.length);
        System.arraycopy(body, 0, framed, length.length, body.length);
        return framed;
    }

    private static byte[] body(PubKey key, List<Multiaddr> addresses, List<String> protocols, @Nullable Multiaddr observed, String agent) {
        ProtobufWriter out = new ProtobufWriter().bytes(1, key.toProtobuf());
        addresses.forEach(address -> out.bytes(2, address.toBytes()));
        protocols.forEach(protocol -> out.text(3, protocol));
        if (observed != null) {
            out.bytes(4, observed.toBytes());
        }
        return out.text(5, FAMILY).text(6, agent).toByteArray();
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
                default -> { }
            }
        }
        return new PeerInfo(proven, agent, family, protocols, addresses, observed);
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
