package io.caravan.libp2p;

import io.caravan.codec.Varint;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A self-describing network address such as {@code /ip4/192.0.2.7/tcp/24001} (spec libp2p 1.10). Equal if the bytes
 * are.
 *
 * <p>Binary: for each step {@code uvarint code ‖ value}, where a value of variable size has its uvarint length before
 * it.
 */
public final class Multiaddr {

    /** One step of the path; {@code value} is null for protocols without one. */
    public record Part(String protocol, @Nullable String value) {}

    /** Longest binary form that we take. */
    static final int MAX_BYTES = 1024;

    private final List<Part> parts;
    private final byte[] bytes;

    private Multiaddr(List<Part> parts) {
        this.parts = List.copyOf(parts);
        this.bytes = encode(parts);
    }

    /**
     * Reads the text form.
     *
     * @throws IllegalArgumentException that names the part that is wrong
     */
    public static Multiaddr parse(String text) {
        try {
            return new Multiaddr(split(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("no multiaddr: '" + shortened(text) + "': " + e.getMessage(), e);
        }
    }

    /**
     * Reads the binary form; at most 1 KiB.
     *
     * @throws IllegalArgumentException if it is cut short, unknown or wrong
     */
    public static Multiaddr ofBytes(byte[] bytes) {
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a multiaddr has 1 to " + MAX_BYTES + " bytes, not " + bytes.length);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Part> parts = new ArrayList<>();
        while (in.hasRemaining()) {
            MultiaddrProtocol step = MultiaddrProtocol.coded(Varint.read(in));
            long length = step.size < 0 ? Varint.read(in) : step.size;
            if (length > in.remaining()) {
                throw new IllegalArgumentException("/" + step.label + " is cut short");
            }
            byte[] value = new byte[(int) length];
            in.get(value);
            parts.add(new Part(step.label, step.decode(value)));
            if (step == MultiaddrProtocol.UNIX && in.hasRemaining()) {
                throw new IllegalArgumentException("nothing may follow /unix");
            }
        }
        return new Multiaddr(parts);
    }

    /** The address of a TCP socket, {@code /ip4/…/tcp/…} or {@code /ip6/…/tcp/…}. */
    static Multiaddr of(InetSocketAddress socket) {
        InetAddress host = socket.getAddress();
        MultiaddrProtocol family = host.getAddress().length == 4 ? MultiaddrProtocol.IP4 : MultiaddrProtocol.IP6;
        return new Multiaddr(List.of(new Part(family.label, family.decode(host.getAddress())),
                new Part("tcp", Integer.toString(socket.getPort()))));
    }

    /** The binary form, a copy. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** The steps in order. */
    public List<Part> parts() {
        return parts;
    }

    /** The value of the first step of that protocol. */
    public Optional<String> value(String protocol) {
        return parts.stream().filter(p -> p.protocol().equals(protocol)).findFirst().map(Part::value);
    }

    /** The peer named by the {@code /p2p} step at the end. */
    public Optional<PeerId> peer() {
        Part last = parts.get(parts.size() - 1);
        return last.protocol().equals("p2p") && last.value() != null ? Optional.of(PeerId.parse(last.value()))
                : Optional.empty();
    }

    /** With {@code /p2p/<id>} at its end, in place of one that was there. */
    public Multiaddr withPeer(PeerId peer) {
        List<Part> longer = new ArrayList<>(peer().isPresent() ? parts.subList(0, parts.size() - 1) : parts);
        longer.add(new Part("p2p", peer.toString()));
        return new Multiaddr(longer);
    }

    /**
     * Without a {@code /p2p} step at its end.
     *
     * @throws IllegalArgumentException if there is nothing else
     */
    public Multiaddr withoutPeer() {
        if (peer().isEmpty()) {
            return this;
        }
        if (parts.size() == 1) {
            throw new IllegalArgumentException(this + " names a peer but no place");
        }
        return new Multiaddr(parts.subList(0, parts.size() - 1));
    }

    /** The form {@code /ip4/192.0.2.7/tcp/24001}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append('/').append(part.protocol());
            if (part.value() != null) {
                text.append(part.value().startsWith("/") ? "" : "/").append(part.value());
            }
        }
        return text.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Multiaddr that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    private static List<Part> split(String text) {
        if (text.length() > 4 * MAX_BYTES || !text.startsWith("/")) {
            throw new IllegalArgumentException("it starts with '/' and is not longer than " + 4 * MAX_BYTES);
        }
        String[] words = text.replaceAll("/+$", "").split("/", -1);
        if (words.length < 2) {
            throw new IllegalArgumentException("it has no step");
        }
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < words.length; i++) {
            MultiaddrProtocol step = MultiaddrProtocol.named(words[i]);
            String value = null;
            if (step == MultiaddrProtocol.UNIX && i + 1 < words.length) {
                value = "/" + String.join("/", Arrays.asList(words).subList(i + 1, words.length));
                i = words.length;
            } else if (step.size != 0) {
                value = ++i < words.length ? words[i] : null;
            }
            // Through the bytes and back, so that equal addresses have equal text.
            parts.add(new Part(step.label, step.decode(step.encode(value))));
        }
        return parts;
    }

    private static byte[] encode(List<Part> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (Part part : parts) {
            MultiaddrProtocol step = MultiaddrProtocol.named(part.protocol());
            byte[] value = step.encode(part.value());
            out.writeBytes(Varint.encode(step.code));
            if (step.size < 0) {
                out.writeBytes(Varint.encode(value.length));
            }
            out.writeBytes(value);
        }
        if (out.size() > MAX_BYTES) {
            throw new IllegalArgumentException("it is longer than " + MAX_BYTES + " bytes");
        }
        return out.toByteArray();
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }
}
