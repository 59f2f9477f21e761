package io.caravan.node.net;

import io.caravan.chain.Chain;
import io.caravan.chain.MinerInfo;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerId;
import io.caravan.libp2p.PeerInfo;
import io.caravan.market.AskClient;
import io.caravan.market.MarketProtocols;
import io.caravan.model.FilAddress;
import io.caravan.store.Contact;
import io.caravan.store.ContactStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code doctor MINER} at the daemon: why can, or cannot, this miner be reached from here? Checks NET-20 to NET-29 of spec
 * libp2p 1.14, each later one only where the earlier ones lead to it.
 */
public final class PathDoctor {

    private static final int CONNECT_MILLIS = 5000;
    private static final int MOST_PROBED = 8;
    private static final String OPERATOR = "tell the miner's operator: ./caravan doctor there says what to do";

    private final Chain chain;
    private final AskClient asks;
    private final ContactStore contacts;
    private final Probe probe;
    private final Clock clock;

    public PathDoctor(Chain chain, AskClient asks, ContactStore contacts, Probe probe, Clock clock) {
        this.chain = chain;
        this.asks = asks;
        this.contacts = contacts;
        this.probe = probe;
        this.clock = clock;
    }

    /** All checks; at most a minute and a half where every address is dead. */
    public Diagnosis examine(FilAddress miner) {
        List<Finding> findings = new ArrayList<>();
        onChain(miner, findings).ifPresent(info -> {
            Addresses.Read addresses = Addresses.of(info.multiaddrs());
            findings.add(readable(addresses));
            if (info.peerId() != null) {
                PeerId peer = PeerId.parse(info.peerId());
                Optional<PeerInfo> answered = dialed(peer, addresses.addresses(), findings);
                answered.ifPresent(there -> talked(miner, peer, addresses.addresses(), there, findings));
                findings.add(moved(miner, info.peerId(), addresses.addresses()));
            }
        });
        return new Diagnosis(miner.toString(), findings);
    }

    private Optional<MinerInfo> onChain(FilAddress miner, List<Finding> findings) {
        try {
            MinerInfo info = chain.minerInfo(miner);
            findings.add(Finding.ok("NET-20", "the chain knows the miner", "sectors of " + info.sectorSize() + " bytes, worker " + info.worker()));
            findings.add(info.peerId() == null
                    ? Finding.fail("NET-21", "it has a peer id", "miner " + miner + " has not set its peer id on chain", OPERATOR)
                    : Finding.ok("NET-21", "it has a peer id", info.peerId()));
            return Optional.of(info);
        } catch (RuntimeException e) {
            findings.add(Finding.fail("NET-20", "the chain knows the miner", "the chain does not answer about " + miner + ": " + e.getMessage(),
                    "check the miner's address, and that the chain node of chain.url runs"));
            return Optional.empty();
        }
    }

    private static Finding readable(Addresses.Read addresses) {
        String check = "it has addresses";
        if (addresses.addresses().isEmpty()) {
            return Finding.fail("NET-22", check, addresses.broken().isEmpty() ? "the chain has no address of it" : addresses.broken().get(0), OPERATOR);
        }
        String texts = addresses.addresses().stream().map(Multiaddr::toString).collect(Collectors.joining(", "));
        return addresses.broken().isEmpty() ? Finding.ok("NET-22", check, texts)
                : Finding.warn("NET-22", check, texts + "; " + addresses.broken().get(0), OPERATOR);
    }

    private Optional<PeerInfo> dialed(PeerId peer, List<Multiaddr> addresses, List<Finding> findings) {
        Optional<PeerInfo> answered = Optional.empty();
        for (Multiaddr address : addresses.stream().limit(MOST_PROBED).toList()) {
            if (name(address, findings) && tcp(address, findings)) {
                Probe.Outcome outcome = probe.dial(peer, address.withoutPeer());
                findings.add(outcome.isReached()
                        ? Finding.ok("NET-25", "the right peer answers", address + ": handshake in " + outcome.took().toMillis() + " ms")
                        : Finding.fail("NET-25", "the right peer answers", address + ": " + outcome.failure(), OPERATOR));
                answered = answered.or(outcome::info);
            }
        }
        return answered;
    }

    private static boolean name(Multiaddr address, List<Finding> findings) {
        Optional<String> name = address.value("dns").or(() -> address.value("dns4")).or(() -> address.value("dns6"));
        if (name.isEmpty()) {
            return true;
        }
        try {
            findings.add(Finding.ok("NET-23", "its name resolves", name.get() + " is " + InetAddress.getByName(name.get()).getHostAddress()));
            return true;
        } catch (UnknownHostException e) {
            findings.add(Finding.fail("NET-23", "its name resolves", "no such name: " + name.get(), "check this machine's DNS, or " + OPERATOR));
            return false;
        }
    }

    private boolean tcp(Multiaddr address, List<Finding> findings) {
        String check = "TCP connects";
        Optional<String> place = address.value("ip4").or(() -> address.value("ip6")).or(() -> address.value("dns"))
                .or(() -> address.value("dns4")).or(() -> address.value("dns6"));
        Optional<String> port = address.value("tcp");
        if (place.isEmpty() || port.isEmpty()) {
            findings.add(Finding.skipped("NET-24", check, address + " is not TCP, which is all that we dial"));
            return false;
        }
        Instant start = clock.instant();
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(place.get(), Integer.parseInt(port.get())), CONNECT_MILLIS);
            findings.add(Finding.ok("NET-24", check, address + " in " + Duration.between(start, clock.instant()).toMillis() + " ms"));
            return true;
        } catch (IOException | IllegalArgumentException e) {
            findings.add(Finding.fail("NET-24", check, address + ": " + e.getMessage(),
                    "the miner is down, has moved, or a firewall is between: " + OPERATOR));
            return false;
        }
    }

    private void talked(FilAddress miner, PeerId peer, List<Multiaddr> addresses, PeerInfo there, List<Finding> findings) {
        findings.add(Finding.ok("NET-26", "it says what it is", there.agent() + ", " + there.protocols().size() + " protocols"));
        findings.add(MarketProtocols.DEAL_PREFERENCE.stream().filter(there.protocols()::contains).findFirst()
                .map(protocol -> Finding.ok("NET-27", "it takes deals by a protocol of ours", protocol))
                .orElseGet(() -> Finding.fail("NET-27", "it takes deals by a protocol of ours", "it serves none of "
                        + String.join(", ", MarketProtocols.DEAL_PREFERENCE), "choose another miner, or one that serves them")));
        Instant start = clock.instant();
        try {
            var ask = asks.query(peer, addresses, miner).ask();
            findings.add(Finding.ok("NET-28", "it tells its price", ask.price() + " per GiB and epoch, in "
                    + Duration.between(start, clock.instant()).toMillis() + " ms"));
        } catch (RuntimeException e) {
            findings.add(Finding.fail("NET-28", "it tells its price", String.valueOf(e.getMessage()), OPERATOR));
        }
    }

    private Finding moved(FilAddress miner, String peer, List<Multiaddr> addresses) {
        String check = "it is where the last deal found it";
        Optional<Contact> last = contacts.find(miner);
        if (last.isEmpty()) {
            return Finding.ok("NET-29", check, "there was no deal with it yet");
        }
        List<String> now = addresses.stream().map(Multiaddr::toString).sorted().toList();
        return last.get().peer().equals(peer) && last.get().addresses().equals(now) ? Finding.ok("NET-29", check, "since " + last.get().at())
                : Finding.warn("NET-29", check, "the miner has moved since %s: then peer %s at %s".formatted(last.get().at(), last.get().peer(),
                        last.get().addresses()), "nothing: each dial reads the chain anew");
    }
}
