package io.caravan.libp2p;

import io.caravan.codec.ProtobufReader;
import io.caravan.codec.ProtobufWriter;
import io.caravan.codec.Varint;
import io.caravan.crypto.PrivKey;
import io.caravan.crypto.PubKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A peer's own addresses under its signature (spec libp2p 1.11): {@code PeerRecord{peer_id = 1; seq = 2; addresses =
 * 3}} in
 * {@code Envelope{public_key = 1; payload_type = 2; payload = 3; signature = 5}}.
 *
 * @param seq grows with each new record of that peer; otherwise without meaning
 */
record PeerRecord(PeerId peer, long seq, List<Multiaddr> addresses) {

    private static final byte[] DOMAIN = "libp2p-peer-record".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TYPE = {3, 1};
    private static final int MAX = 8192;
    private static final int MAX_ADDRESSES = 64;

    PeerRecord {
        addresses = List.copyOf(addresses);
    }

    byte[] payload() {
        ProtobufWriter out = new ProtobufWriter().bytes(1, peer.toBytes()).varint(2, seq);
        addresses.forEach(address -> out.bytes(3, new ProtobufWriter().bytes(1, address.toBytes()).toByteArray()));
        return out.toByteArray();
    }

    byte[] sealed(PrivKey key) {
        byte[] payload = payload();
        return new ProtobufWriter().bytes(1, key.publicKey().toProtobuf()).bytes(2, TYPE).bytes(3, payload)
                .bytes(5, key.sign(signed(payload))).toByteArray();
    }

    /**
     * Reads an envelope and checks it.
     *
     * @throws IllegalArgumentException if it is malformed, or not signed by the peer that it is about
     */
    static PeerRecord open(byte[] envelope) {
        byte[] key = new byte[0];
        byte[] type = new byte[0];
        byte[] payload = new byte[0];
        byte[] signature = new byte[0];
        ProtobufReader in = new ProtobufReader(envelope);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> key = in.bytes(MAX);
                case 2 -> type = in.bytes(MAX);
                case 3 -> payload = in.bytes(MAX);
                case 5 -> signature = in.bytes(MAX);
                default -> { }
            }
        }
        PubKey signer = PubKey.ofProtobuf(key);
        if (!Arrays.equals(type, TYPE) || !signer.verify(signed(payload), signature)) {
            throw new IllegalArgumentException("no peer record, or its signature does not hold");
        }
        PeerRecord record = read(payload);
        if (!record.peer.equals(PeerId.of(signer))) {
            throw new IllegalArgumentException("a peer record that another peer signed");
        }
        return record;
    }

    private static PeerRecord read(byte[] payload) {
        byte[] peer = new byte[0];
        long seq = 0;
        List<Multiaddr> addresses = new ArrayList<>();
        ProtobufReader in = new ProtobufReader(payload);
        while (in.next()) {
            switch (in.field()) {
                case 1 -> peer = in.bytes(MAX);
                case 2 -> seq = in.varint();
                case 3 -> address(in.bytes(MAX), addresses);
                default -> { }
            }
        }
        return new PeerRecord(PeerId.ofBytes(peer), seq, addresses);
    }

    private static void address(byte[] info, List<Multiaddr> into) {
        ProtobufReader in = new ProtobufReader(info);
        while (in.next()) {
            if (in.field() == 1 && into.size() < MAX_ADDRESSES) {
                try {
                    into.add(Multiaddr.ofBytes(in.bytes(MAX)));
                } catch (IllegalArgumentException e) {
                    return; // of a kind that we do not know
                }
            }
        }
    }

    private static byte[] signed(byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : List.of(DOMAIN, TYPE, payload)) {
            out.writeBytes(Varint.encode(part.length));
            out.writeBytes(part);
        }
        return out.toByteArray();
    }
}
