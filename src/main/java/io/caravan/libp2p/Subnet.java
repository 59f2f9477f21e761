package io.caravan.libp2p;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * The addresses that begin with the same bits, such as {@code 10.0.0.0/8}; a single address is one of all its bits. Two that
 * hold the same addresses are equal, however they were written.
 */
public final class Subnet {

    private final byte[] network;
    private final int bits;

    private Subnet(byte[] address, int bits) {
        this.network = masked(address, bits);
        this.bits = bits;
    }

    /**
     * Of {@code ADDRESS/BITS}, IPv4 or IPv6; names are never looked up.
     *
     * @throws IllegalArgumentException in one sentence
     */
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("'" + text + "' is no network such as 10.0.0.0/8");
        }
        byte[] address = bytes(text.substring(0, slash));
        String length = text.substring(slash + 1);
        if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > address.length * 8) {
            throw new IllegalArgumentException("'" + text + "' has no length of 0 to " + address.length * 8 + " bits");
        }
        return new Subnet(address, Integer.parseInt(length));
    }

    /** Of one address in text, as {@link #parse}. */
    public static Subnet ofAddress(String text) {
        byte[] address = bytes(text);
        return new Subnet(address, address.length * 8);
    }

    private static byte[] bytes(String text) {
        byte[] address = text.length() > 45 || text.indexOf('%') >= 0 ? null : NetUtil.createByteArrayFromIpAddressString(text);
        if (address == null) {
            throw new IllegalArgumentException("'" + text.substring(0, Math.min(60, text.length())) + "' is no IP address");
        }
        return address;
    }

    public boolean contains(InetAddress address) {
        byte[] bytes = address.getAddress();
        return bytes.length == network.length && Arrays.equals(masked(bytes, bits), network);
    }

    /** The address alone where it is only one. */
    public boolean isOneAddress() {
        return bits == network.length * 8;
    }

    private static byte[] masked(byte[] address, int bits) {
        byte[] masked = new byte[address.length];
        for (int i = 0; i < address.length; i++) {
            int kept = Math.max(0, Math.min(8, bits - 8 * i));
            masked[i] = (byte) (address[i] & 0xff00 >> kept);
        }
        return masked;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Subnet subnet && bits == subnet.bits && Arrays.equals(network, subnet.network);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(network) + bits;
    }

    /** {@code 10.0.0.0/8}; a single address without its length. */
    @Override
    public String toString() {
        String address = NetUtil.bytesToIpAddress(network);
        return isOneAddress() ? address : address + "/" + bits;
    }
}
