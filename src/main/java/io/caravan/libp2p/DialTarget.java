package io.caravan.libp2p;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

/** A socket to dial, and the address that it came from. */
record DialTarget(Multiaddr address, InetSocketAddress socket) {

    private static final int MAX_PER_NAME = 8;

    /**
     * Where that address leads for TCP; looks names up, so it may block.
     *
     * @throws IllegalArgumentException that says in a few words why we cannot dial it
     */
    static List<DialTarget> of(Multiaddr address, PeerId wanted) {
        address.peer().ifPresent(named -> {
            if (!named.equals(wanted)) {
                throw new IllegalArgumentException("it names another peer");
            }
        });
        List<Multiaddr.Part> parts = address.withoutPeer().parts();
        if (parts.size() != 2 || !parts.get(1).protocol().equals("tcp")) {
            throw new IllegalArgumentException("we dial TCP only");
        }
        String host = String.valueOf(parts.get(0).value());
        int port = Integer.parseInt(String.valueOf(parts.get(1).value()));
        if (port == 0) {
            throw new IllegalArgumentException("port 0 cannot be dialed");
        }
        List<DialTarget> targets = new ArrayList<>();
        for (InetAddress ip : resolve(parts.get(0).protocol(), host)) {
            if (ip.isAnyLocalAddress() || ip.isMulticastAddress()) {
                throw new IllegalArgumentException("nobody can be dialed there");
            }
            targets.add(new DialTarget(address, new InetSocketAddress(ip, port)));
        }
        return targets;
    }

    private static List<InetAddress> resolve(String family, String host) {
        try {
            return switch (family) {
                case "ip4", "ip6" -> List.of(InetAddress.getByName(host)); // a literal, nothing is looked up
                case "dns" -> some(InetAddress.getAllByName(host), InetAddress.class);
                case "dns4" -> some(InetAddress.getAllByName(host), Inet4Address.class);
                case "dns6" -> some(InetAddress.getAllByName(host), Inet6Address.class);
                default -> throw new IllegalArgumentException("we cannot dial /" + family);
            };
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("no such name", e);
        }
    }

    private static List<InetAddress> some(InetAddress[] found, Class<? extends InetAddress> family) {
        List<InetAddress> fitting = new ArrayList<>();
        for (InetAddress ip : found) {
            if (family.isInstance(ip) && fitting.size() < MAX_PER_NAME) {
                fitting.add(ip);
            }
        }
        if (fitting.isEmpty()) {
            throw new IllegalArgumentException("the name has no address of that family");
        }
        return fitting;
    }
}
