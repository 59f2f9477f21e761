package io.caravan.rpc;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** What counts as one address: of the sixth version the first half, because whoever has one address has 2^64. */
public final class AddressKey {
    private static final int NETWORK_BYTES = 8;

    private AddressKey() {}

    public static String of(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.of().formatHex(Arrays.copyOf(address.getAddress(), NETWORK_BYTES)) : address.getHostAddress();
    }
}
