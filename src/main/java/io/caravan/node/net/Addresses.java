package io.caravan.node.net;

import io.caravan.codec.Bytes;
import io.caravan.libp2p.Multiaddr;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Multiaddrs as a miner's actor holds them: which can be read, and which a stranger could dial. */
final class Addresses {

    private Addresses() {}

    /** What was read, and the sentence for each that could not be. */
    record Read(List<Multiaddr> addresses, List<String> broken) {}

    static Read of(List<Bytes> onChain) {
        List<Multiaddr> read = new ArrayList<>();
        List<String> broken = new ArrayList<>();
        for (Bytes bytes : onChain) {
            try {
                read.add(Multiaddr.ofBytes(bytes.toArray()));
            } catch (IllegalArgumentException e) {
                broken.add(bytes + " is no multiaddr: " + e.getMessage());
            }
        }
        return new Read(read, broken);
    }

    /** Why nobody outside this machine or network can dial it; empty when somebody can. */
    static Optional<String> privateBecause(Multiaddr address) {
        if (address.value("tcp").filter("0"::equals).isPresent()) {
            return Optional.of(address + " has port 0");
        }
        if (address.parts().stream().anyMatch(part -> part.protocol().equals("p2p-circuit"))) {
            return Optional.of(address + " goes through a relay");
        }
        return address.value("ip4").or(() -> address.value("ip6")).filter(Addresses::isPrivate)
                .map(ip -> address + " is of a private network");
    }

    private static boolean isPrivate(String literal) {
        try {
            InetAddress ip = InetAddress.getByName(literal); // a literal: nothing is looked up
            byte[] bytes = ip.getAddress();
            boolean isShared = bytes.length == 4 && (bytes[0] & 0xff) == 100 && (bytes[1] & 0xc0) == 64;
            boolean isUniqueLocal = bytes.length == 16 && (bytes[0] & 0xfe) == 0xfc;
            return ip.isLoopbackAddress() || ip.isAnyLocalAddress() || ip.isSiteLocalAddress() || ip.isLinkLocalAddress()
                    || isShared || isUniqueLocal;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
