package io.caravan.libp2p;

import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** Between the addresses that a person configures and the sockets that are bound. */
final class ListenAddresses {

    private ListenAddresses() {}

    /** @throws IllegalArgumentException if it is not {@code /ip4|ip6/…/tcp/…} */
    static InetSocketAddress socket(Multiaddr address) {
        List<Multiaddr.Part> parts = address.withoutPeer().parts();
        String family = parts.get(0).protocol();
        if (parts.size() != 2 || !parts.get(1).protocol().equals("tcp") || !family.equals("ip4")
                && !family.equals("ip6")) {
            throw new IllegalArgumentException("we listen on /ip4/…/tcp/… or /ip6/…/tcp/… only, not on " + address);
        }
        return new InetSocketAddress(String.valueOf(parts.get(0).value()),
                Integer.parseInt(String.valueOf(parts.get(1).value())));
    }

    /** Where a bound socket can be dialed: itself, or for the wildcard each address of this machine in its family. */
    static List<Multiaddr> of(InetSocketAddress bound) {
        if (!bound.getAddress().isAnyLocalAddress()) {
            return List.of(Multiaddr.of(bound));
        }
        int family = bound.getAddress().getAddress().length;
        List<Multiaddr> all = new ArrayList<>();
        try {
            NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
                    .filter(ip -> ip.getAddress().length == family || family == 16)
                    .filter(ip -> !ip.isLinkLocalAddress())
                    .sorted((a, b) -> Boolean.compare(a.isLoopbackAddress(), b.isLoopbackAddress()))
                    .map(ip -> unscoped(ip, bound.getPort()))
                    .forEach(all::add);
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static Multiaddr unscoped(InetAddress ip, int port) {
        return Multiaddr.of(new InetSocketAddress(ip, port));
    }
}
