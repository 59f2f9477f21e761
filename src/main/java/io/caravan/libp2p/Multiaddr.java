package io.caravan.libp2p;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A self-describing network address such as {@code /ip4/192.0.2.7/tcp/24001} (spec libp2p 1.10). Equal if the bytes are. */
public final class Multiaddr {

    /** One step of the path; {@code value} is null for protocols without one. */
    public record Part(String protocol, @Nullable String value) {}

    private Multiaddr() {}

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException that names the part that is wrong
     */
    public static Multiaddr parse(String text) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /**
     * Reads the binary form; at most 1 KiB.
     *
     * @throws IllegalArgumentException if it is cut short, unknown or wrong
     */
    public static Multiaddr ofBytes(byte[] bytes) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** The binary form, a copy. */
    public byte[] toBytes() {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** The steps in order. */
    public List<Part> parts() {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** The value of the first step of that protocol. */
    public Optional<String> value(String protocol) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** The peer named by the {@code /p2p} step at the end. */
    public Optional<PeerId> peer() {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** With {@code /p2p/<id>} at its end, in place of one that was there. */
    public Multiaddr withPeer(PeerId peer) {
        throw new UnsupportedOperationException("in a few minutes");
    }

    /** Without a {@code /p2p} step at its end. */
    public Multiaddr withoutPeer() {
        throw new UnsupportedOperationException("in a few minutes");
    }
}
