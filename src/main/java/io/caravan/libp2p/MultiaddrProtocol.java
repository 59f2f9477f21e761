package io.caravan.libp2p;

import io.caravan.codec.Base32;
import io.caravan.codec.Multibase;
import io.caravan.codec.Multihash;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The steps that a multiaddr may have: name, code, size on the wire, and how the value is written (multiformats
 * protocols.csv).
 */
enum MultiaddrProtocol {
    IP4("ip4", 4, 4, Values::ip4, Values::ip4),
    TCP("tcp", 6, 2, Values::port, Values::port),
    UDP("udp", 273, 2, Values::port, Values::port),
    IP6("ip6", 41, 16, Values::ip6, Values::ip6),
    IP6ZONE("ip6zone", 42, Values.PREFIXED, Values::word, Values::word),
    IPCIDR("ipcidr", 43, 1, Values::bits, Values::bits),
    DNS("dns", 53, Values.PREFIXED, Values::word, Values::word),
    DNS4("dns4", 54, Values.PREFIXED, Values::word, Values::word),
    DNS6("dns6", 55, Values.PREFIXED, Values::word, Values::word),
    DNSADDR("dnsaddr", 56, Values.PREFIXED, Values::word, Values::word),
    P2P("p2p", 421, Values.PREFIXED, text -> PeerId.parse(text).toBytes(), bytes -> PeerId.ofBytes(bytes).toString()),
    P2P_CIRCUIT("p2p-circuit", 290),
    UNIX("unix", 400, Values.PREFIXED, Values::path, Values::path),
    ONION3("onion3", 445, 37, Values::onion, Values::onion),
    QUIC("quic", 460),
    QUIC_V1("quic-v1", 461),
    WEBTRANSPORT("webtransport", 465),
    CERTHASH("certhash", 466, Values.PREFIXED, Values::multihash, Values::multihash),
    HTTP("http", 480),
    HTTP_PATH("http-path", 481, Values.PREFIXED, Values::percent, Values::percent),
    HTTPS("https", 443),
    WS("ws", 477),
    WSS("wss", 478),
    TLS("tls", 448),
    SNI("sni", 449, Values.PREFIXED, Values::word, Values::word),
    NOISE("noise", 454),
    WEBRTC_DIRECT("webrtc-direct", 280),
    WEBRTC("webrtc", 281),
    MEMORY("memory", 777, Values.PREFIXED, Values::word, Values::word);

    private static final Map<String, MultiaddrProtocol> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(p -> p.label, p -> p));
    private static final Map<Long, MultiaddrProtocol> BY_CODE =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(p -> (long) p.code, p -> p));

    final String label;
    final int code;
    /** Bytes of the value; 0 = none, {@link Values#PREFIXED} = a length stands before it. */
    final int size;
    private final Function<String, byte[]> fromText;
    private final Function<byte[], String> toText;

    MultiaddrProtocol(String label, int code) {
        this(label, code, 0, text -> new byte[0], bytes -> "");
    }

    MultiaddrProtocol(String label, int code, int size, Function<String, byte[]> fromText,
            Function<byte[], String> toText) {
        this.label = label;
        this.code = code;
        this.size = size;
        this.fromText = fromText;
        this.toText = toText;
    }

    static MultiaddrProtocol named(String name) {
        MultiaddrProtocol found = BY_NAME.get(name.equals("ipfs") ? "p2p" : name);
        if (found == null) {
            throw new IllegalArgumentException("unknown step /" + name);
        }
        return found;
    }

    static MultiaddrProtocol coded(long code) {
        MultiaddrProtocol found = BY_CODE.get(code);
        if (found == null) {
            throw new IllegalArgumentException("unknown step of code 0x" + Long.toHexString(code));
        }
        return found;
    }

    byte[] encode(@Nullable String value) {
        if (size == 0) {
            return new byte[0];
        }
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("/" + label + " needs a value");
        }
        try {
            return fromText.apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("/" + label + "/" + value + ": " + e.getMessage(), e);
        }
    }

    @Nullable String decode(byte[] value) {
        return size == 0 ? null : toText.apply(value);
    }

    /** How values are written; each pair is text to bytes and back. */
    private static final class Values {

        static final int PREFIXED = -1;

        static byte[] ip4(String text) {
            if (!NetUtil.isValidIpV4Address(text)) {
                throw new IllegalArgumentException("no IPv4 address");
            }
            return NetUtil.createByteArrayFromIpAddressString(text);
        }

        static String ip4(byte[] bytes) {
            return NetUtil.bytesToIpAddress(bytes);
        }

        static byte[] ip6(String text) {
            if (!NetUtil.isValidIpV6Address(text) || text.indexOf('%') >= 0 || text.indexOf('[') >= 0) {
                throw new IllegalArgumentException("no IPv6 address");
            }
            byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
            if (bytes == null || bytes.length != 16) {
                throw new IllegalArgumentException("no IPv6 address");
            }
            return bytes;
        }

        static String ip6(byte[] bytes) {
            boolean mapped = bytes[10] == -1 && bytes[11] == -1;
            for (int i = 0; i < 10; i++) {
                mapped &= bytes[i] == 0;
            }
            if (mapped) {
                return "::ffff:" + NetUtil.bytesToIpAddress(Arrays.copyOfRange(bytes, 12, 16));
            }
            try {
                return NetUtil.toAddressString(Inet6Address.getByAddress(null, bytes, -1));
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException("no IPv6 address", e);
            }
        }

        static byte[] port(String text) {
            int port = number(text, 0xffff);
            return new byte[] {(byte) (port >> 8), (byte) port};
        }

        static String port(byte[] bytes) {
            return Integer.toString((bytes[0] & 0xff) << 8 | bytes[1] & 0xff);
        }

        static byte[] bits(String text) {
            return new byte[] {(byte) number(text, 0xff)};
        }

        static String bits(byte[] bytes) {
            return Integer.toString(bytes[0] & 0xff);
        }

        static byte[] word(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        static String word(byte[] bytes) {
            String text = utf8(bytes);
            if (text.isEmpty() || text.indexOf('/') >= 0) {
                throw new IllegalArgumentException("a name is not empty and has no '/'");
            }
            return text;
        }

        static byte[] path(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        static String path(byte[] bytes) {
            return utf8(bytes);
        }

        static byte[] percent(String text) {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
        }

        static String percent(byte[] bytes) {
            return URLEncoder.encode(utf8(bytes), StandardCharsets.UTF_8).replace("+", "%20");
        }

        static byte[] multihash(String text) {
            return Multihash.ofBytes(Multibase.decode(text)).toBytes();
        }

        static String multihash(byte[] bytes) {
            return Multibase.BASE64_URL.encode(Multihash.ofBytes(bytes).toBytes());
        }

        static byte[] onion(String text) {
            int colon = text.indexOf(':');
            byte[] host = Base32.decode(colon < 0 ? text : text.substring(0, colon));
            int port = colon < 0 ? 0 : number(text.substring(colon + 1), 0xffff);
            if (host.length != 35 || port == 0) {
                throw new IllegalArgumentException("56 base32 characters, ':' and a port");
            }
            return ByteBuffer.allocate(37).put(host).putShort((short) port).array();
        }

        static String onion(byte[] bytes) {
            return Base32.encode(Arrays.copyOf(bytes, 35)) + ":" + port(Arrays.copyOfRange(bytes, 35, 37));
        }

        private static int number(String text, int max) {
            if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > max) {
                throw new IllegalArgumentException("no number from 0 to " + max);
            }
            return Integer.parseInt(text);
        }

        private static String utf8(byte[] bytes) {
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            } catch (CharacterCodingException e) {
                throw new IllegalArgumentException("no UTF-8", e);
            }
        }
    }
}
