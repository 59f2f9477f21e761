package io.caravan.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.caravan.codec.Base32;
import io.caravan.codec.Bytes;
import io.caravan.codec.CborReader;
import io.caravan.codec.CborWriter;
import io.caravan.codec.CodecException;
import io.caravan.codec.Hashes;
import io.caravan.codec.Varint;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An address of an account or actor: one protocol byte and its payload (chain-and-rpc §3.1). {@code f0} id,
 * {@code f1} secp256k1, {@code f2} actor, {@code f3} BLS, {@code f4} delegated.
 */
public record FilAddress(Bytes bytes) implements Comparable<FilAddress> {

    public static final int ID = 0;
    public static final int SECP256K1 = 1;
    public static final int ACTOR = 2;
    public static final int BLS = 3;
    public static final int DELEGATED = 4;

    /** The market actor, f05. */
    public static final FilAddress MARKET = ofId(5);

    /** The namespace of Ethereum addresses, f410f…. */
    public static final long ETHEREUM = 10;

    private static final int MAX_BYTES = 64;
    private static final int MAX_TEXT = 115;
    private static final int MAX_SUBADDRESS = 54;

    public FilAddress {
        if (bytes.isEmpty() || bytes.size() > MAX_BYTES) {
            throw new CodecException("address of " + bytes.size() + " bytes");
        }
        int payload = bytes.size() - 1;
        boolean legal = switch (bytes.at(0)) {
            case ID -> isOneVarint(bytes);
            case SECP256K1, ACTOR -> payload == 20;
            case BLS -> payload == 48;
            case DELEGATED -> isNamespaced(bytes);
            default -> throw new CodecException("address protocol " + bytes.at(0));
        };
        if (!legal) {
            throw new CodecException("f" + bytes.at(0) + " address with a payload of " + payload + " bytes");
        }
    }

    public static FilAddress ofId(long actorId) {
        return build(ID, Varint.encode(actorId));
    }

    /** f1 of a public key in its uncompressed form, 65 bytes with the leading 04. */
    public static FilAddress ofSecp256k1Key(byte[] publicKey) {
        if (publicKey.length != 65 || publicKey[0] != 4) {
            throw new CodecException("an f1 address is made of an uncompressed public key of 65 bytes");
        }
        return build(SECP256K1, Hashes.blake2b(20, publicKey));
    }

    /** f3 of a BLS public key, 48 bytes. */
    public static FilAddress ofBlsKey(byte[] publicKey) {
        return build(BLS, publicKey);
    }

    /** f2 over the bytes that name an actor (creator, nonce, …). */
    public static FilAddress ofActorData(byte[] data) {
        return build(ACTOR, Hashes.blake2b(20, data));
    }

    public static FilAddress ofDelegated(long namespace, byte[] subaddress) {
        return build(DELEGATED, Varint.encode(namespace), subaddress);
    }

    public static FilAddress ofBytes(byte[] bytes) {
        return new FilAddress(Bytes.of(bytes));
    }

    /** Reads the text form with either network letter; checks the checksum and that the text is canonical. */
    public static FilAddress parse(String text) {
        if (text.length() < 3 || text.length() > MAX_TEXT) {
            throw new CodecException("address of " + text.length() + " characters");
        }
        if (text.charAt(0) != 'f' && text.charAt(0) != 't') {
            throw new CodecException("an address starts with f or t");
        }
        int protocol = text.charAt(1) - '0';
        String rest = text.substring(2);
        return switch (protocol) {
            case ID -> ofId(number(rest));
            case SECP256K1, ACTOR, BLS -> checked(build(protocol, withoutChecksum(rest)), rest);
            case DELEGATED -> {
                int separator = rest.indexOf('f');
                if (separator < 1) {
                    throw new CodecException("an f4 address has a namespace and an f");
                }
                String body = rest.substring(separator + 1);
                yield checked(ofDelegated(number(rest.substring(0, separator)), withoutChecksum(body)), body);
            }
            default -> throw new CodecException("unknown address protocol " + text.charAt(1));
        };
    }

    /** As Lotus sends it in JSON, where "" and {@code <empty>} stand for no address. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static @Nullable FilAddress ofJson(String text) {
        return text.isEmpty() || text.equals("<empty>") ? null : parse(text);
    }

    public int protocol() {
        return bytes.at(0);
    }

    public Bytes payload() {
        return bytes.slice(1, bytes.size());
    }

    public boolean isId() {
        return protocol() == ID;
    }

    /** Whether a key stands behind it that can sign: f1 or f3. */
    public boolean isKey() {
        return protocol() == SECP256K1 || protocol() == BLS;
    }

    /** The number of an f0 address. */
    public long actorId() {
        if (!isId()) {
            throw new CodecException(this + " is not an id address");
        }
        return Varint.read(payload().asBuffer());
    }

    public byte[] toBytes() {
        return bytes.toArray();
    }

    public void writeTo(CborWriter out) {
        out.bytes(bytes);
    }

    public byte[] toCbor() {
        CborWriter out = new CborWriter();
        writeTo(out);
        return out.toByteArray();
    }

    public static FilAddress readFrom(CborReader in) {
        return new FilAddress(Bytes.wrap(in.bytes(MAX_BYTES)));
    }

    public String toString(Network network) {
        String head = network.prefix() + Integer.toString(protocol());
        if (isId()) {
            return head + actorId();
        }
        byte[] check = Hashes.blake2b(4, bytes.toArray());
        if (protocol() != DELEGATED) {
            return head + Base32.encode(join(payload().toArray(), check));
        }
        ByteBuffer payload = payload().asBuffer();
        long namespace = Varint.read(payload);
        byte[] subaddress = new byte[payload.remaining()];
        payload.get(subaddress);
        return head + namespace + "f" + Base32.encode(join(subaddress, check));
    }

    /** With the letter f; use {@link #toString(Network)} where the network's own letter is wanted. */
    @Override
    @JsonValue
    public String toString() {
        return toString(Network.MAINNET);
    }

    @Override
    public int compareTo(FilAddress other) {
        return bytes.compareTo(other.bytes);
    }

    private static FilAddress checked(FilAddress address, String body) {
        String own = address.toString();
        if (!own.endsWith(body)) {
            throw new CodecException("address checksum does not match");
        }
        return address;
    }

    private static byte[] withoutChecksum(String text) {
        byte[] raw = Base32.decode(text);
        if (raw.length < 4) {
            throw new CodecException("address without a checksum");
        }
        return Arrays.copyOf(raw, raw.length - 4);
    }

    private static long number(String digits) {
        if (digits.isEmpty() || digits.length() > 19 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new CodecException("address with a number that is none");
        }
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new CodecException("address with a number of more than 63 bits", e);
        }
    }

    private static boolean isOneVarint(Bytes bytes) {
        ByteBuffer payload = bytes.asBuffer().position(1);
        Varint.read(payload);
        return !payload.hasRemaining();
    }

    private static boolean isNamespaced(Bytes bytes) {
        ByteBuffer payload = bytes.asBuffer().position(1);
        Varint.read(payload);
        return payload.remaining() <= MAX_SUBADDRESS;
    }

    private static FilAddress build(int protocol, byte[]... payload) {
        byte[] out = {(byte) protocol};
        for (byte[] part : payload) {
            out = join(out, part);
        }
        return new FilAddress(Bytes.wrap(out));
    }

    private static byte[] join(byte[] head, byte[] tail) {
        byte[] out = Arrays.copyOf(head, head.length + tail.length);
        System.arraycopy(tail, 0, out, head.length, tail.length);
        return out;
    }
}
