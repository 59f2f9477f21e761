package io.caravan.node.net;

import io.caravan.chain.Chain;
import io.caravan.chain.MinerInfo;
import io.caravan.chain.TipSet;
import io.caravan.crypto.CryptoException;
import io.caravan.crypto.Signer;
import io.caravan.libp2p.Connection;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.libp2p.PeerInfo;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@code doctor} at the miner: can daemons find and reach us? Checks NET-01 to NET-13 of spec libp2p 1.14. It looks and
 * changes nothing; it dials our own addresses, which takes at most sixteen seconds each.
 */
public final class MinerDoctor {

    private static final String PUBLISH = "./caravan net publish-addrs";
    private static final Duration MOST_SKEW = Duration.ofSeconds(10);
    private static final int MOST_ADDRESS_BYTES = 1024;
    private static final int ENOUGH_WITNESSES = 3;
    private static final int MOST_PROBED = 8;
    /** What a worker should hold to send the messages of a day. */
    private static final TokenAmount FEW = TokenAmount.ofFil(1);

    private final MinerIdentity identity;
    private final Chain chain;
    private final Host host;
    private final Signer signer;
    private final Probe probe;
    private final List<String> served;
    private final Clock clock;
    private final HeadAge headAge;

    /** @param served the protocols that a daemon needs of us */
    public MinerDoctor(MinerIdentity identity, Chain chain, Host host, Signer signer, Probe probe, List<String> served, Clock clock) {
        this.identity = identity;
        this.chain = chain;
        this.host = host;
        this.signer = signer;
        this.probe = probe;
        this.served = List.copyOf(served);
        this.clock = clock;
        this.headAge = new HeadAge(chain, clock);
    }

    /** All checks. */
    public Diagnosis examine() {
        return examine(true);
    }

    /** Those that dial nobody: for health, which is asked often. */
    public Diagnosis glance() {
        return examine(false);
    }

    private Diagnosis examine(boolean dials) {
        List<Finding> findings = new ArrayList<>();
        Optional<MinerInfo> info = chainAnswers(findings);
        if (info.isPresent()) {
            Addresses.Read onChain = Addresses.of(info.get().multiaddrs());
            findings.add(peerSet(info.get()));
            findings.add(peerRight(info.get()));
            findings.add(keyKept());
            findings.add(addressesSound(info.get(), onChain));
            findings.add(addressesPublic());
            findings.add(addressesRight(onChain));
            if (dials) {
                reached(onChain, findings);
            }
            findings.add(observed());
            findings.add(workerFunded(info.get()));
            findings.add(clockRight());
        }
        return new Diagnosis(identity.miner().toString(), findings);
    }

    private Optional<MinerInfo> chainAnswers(List<Finding> findings) {
        String check = "the chain answers";
        try {
            TipSet head = chain.head();
            MinerInfo info = chain.minerInfo(identity.miner());
            Duration age = headAge.of(head);
            findings.add(headAge.isTooMuch(age)
                    ? Finding.fail("NET-01", check, "the chain's head is %d s old".formatted(age.toSeconds()),
                            "see that the chain node of chain.url is in sync")
                    : Finding.ok("NET-01", check, "head at epoch " + head.epoch() + ", " + age.toSeconds() + " s old"));
            return Optional.of(info);
        } catch (RuntimeException e) {
            findings.add(Finding.fail("NET-01", check, "the chain does not answer about " + identity.miner() + ": " + e.getMessage(),
                    "see that the chain node of chain.url runs, and that miner.address is right"));
            return Optional.empty();
        }
    }

    private Finding peerSet(MinerInfo info) {
        return info.peerId() == null
                ? Finding.fail("NET-02", "a peer id is on chain", "the chain has no peer id of " + identity.miner(), PUBLISH)
                : Finding.ok("NET-02", "a peer id is on chain", info.peerId());
    }

    private Finding peerRight(MinerInfo info) {
        String check = "it is ours";
        if (info.peerId() == null) {
            return Finding.skipped("NET-03", check, "there is none");
        }
        return identity.ourPeer().equals(info.peerId()) ? Finding.ok("NET-03", check, "this miner is that peer")
                : Finding.fail("NET-03", check, "the chain says that %s is peer %s, but this miner is peer %s".formatted(identity.miner(),
                        info.peerId(), identity.ourPeer()),
                        "import the old key by ./caravan net import-key FILE and start again, or tell the chain: " + PUBLISH);
    }

    private Finding keyKept() {
        String known = identity.knownPeer();
        return known.equals(identity.ourPeer()) ? Finding.ok("NET-04", "our key is the one of the last run", "it is")
                : Finding.fail("NET-04", "our key is the one of the last run",
                        "this miner was peer %s and is %s now: its key file was lost or exchanged".formatted(known, identity.ourPeer()),
                        "restore the keystore or ./caravan net import-key FILE; if the new key is meant, " + PUBLISH);
    }

    private static Finding addressesSound(MinerInfo info, Addresses.Read onChain) {
        String check = "the addresses on chain can be read";
        int bytes = info.multiaddrs().stream().mapToInt(address -> address.size()).sum();
        String wrong = info.multiaddrs().isEmpty() ? "the chain has no address of this miner"
                : !onChain.broken().isEmpty() ? onChain.broken().get(0)
                : onChain.addresses().stream().anyMatch(address -> address.peer().isPresent()) ? "an address on chain names a peer of its own"
                : bytes > MOST_ADDRESS_BYTES ? "the addresses on chain take " + bytes + " bytes, more than " + MOST_ADDRESS_BYTES : "";
        return wrong.isEmpty() ? Finding.ok("NET-05", check, texts(onChain.addresses())) : Finding.fail("NET-05", check, wrong, PUBLISH);
    }

    private Finding addressesPublic() {
        String check = "strangers can dial what we announce";
        List<String> reasons = identity.announced().stream().flatMap(address -> Addresses.privateBecause(address).stream()).toList();
        if (reasons.isEmpty()) {
            return Finding.ok("NET-06", check, texts(identity.announced()));
        }
        return identity.isPrivateFine() ? Finding.ok("NET-06", check, reasons.get(0) + ", which is enough for a devnet")
                : Finding.fail("NET-06", check, reasons.get(0), "set miner.libp2p.announce to an address that the internet can dial, start again, then "
                        + PUBLISH);
    }

    private Finding addressesRight(Addresses.Read onChain) {
        String check = "the chain has what we announce";
        Set<Multiaddr> there = new HashSet<>(onChain.addresses());
        Set<Multiaddr> here = new HashSet<>(identity.announced());
        if (!there.containsAll(here)) {
            return Finding.fail("NET-07", check, "the chain says " + texts(onChain.addresses()) + ", but we announce " + texts(identity.announced()), PUBLISH);
        }
        return there.equals(here) ? Finding.ok("NET-07", check, "it has")
                : Finding.warn("NET-07", check, "the chain still has addresses that we do not announce any more: " + texts(onChain.addresses()), PUBLISH);
    }

    /** From this machine: a router that sends nothing back to its own network makes it look worse than it is. */
    private void reached(Addresses.Read onChain, List<Finding> findings) {
        String check = "each address on chain leads here";
        Optional<PeerInfo> self = Optional.empty();
        for (Multiaddr address : onChain.addresses().stream().limit(MOST_PROBED).toList()) {
            Probe.Outcome outcome = probe.dial(host.peerId(), address.withoutPeer());
            self = self.or(outcome::info);
            String failure = outcome.failure();
            if (failure == null) {
                findings.add(Finding.ok("NET-08", check, address + " answered in " + outcome.took().toMillis() + " ms"));
            } else if (failure.contains("peer id") || failure.contains("another peer")) {
                findings.add(Finding.fail("NET-09", "nobody else answers there", address + ": " + failure,
                        "stop the other process that listens there, maybe the miner before the upgrade"));
            } else {
                findings.add(Finding.warn("NET-08", check, address + " was not reached from this machine: " + failure,
                        "open or forward that port; then try ./caravan doctor " + identity.miner() + " from a daemon elsewhere"));
            }
        }
        findings.add(protocols(self));
    }

    private Finding protocols(Optional<PeerInfo> self) {
        String check = "the deal protocols are served";
        if (self.isEmpty()) {
            return Finding.skipped("NET-10", check, "no address of ours was reached");
        }
        List<String> missing = served.stream().filter(protocol -> !self.get().protocols().contains(protocol)).toList();
        return missing.isEmpty() ? Finding.ok("NET-10", check, String.join(", ", served))
                : Finding.fail("NET-10", check, "not served: " + String.join(", ", missing), "look in the log why the routes of routes/miner do not run");
    }

    private Finding observed() {
        String check = "peers see us where we say";
        Map<String, Long> seen = host.connections().stream().map(Connection::identified).flatMap(Optional::stream)
                .flatMap(info -> info.observed().stream()).flatMap(address -> address.value("ip4").or(() -> address.value("ip6")).stream())
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        Set<String> announced = identity.announced().stream().flatMap(address -> address.value("ip4").or(() -> address.value("ip6")).stream())
                .collect(Collectors.toSet());
        return seen.entrySet().stream().filter(entry -> entry.getValue() >= ENOUGH_WITNESSES && !announced.isEmpty()
                && !announced.contains(entry.getKey())).findFirst()
                .map(entry -> Finding.warn("NET-11", check, "%d peers see us at %s, but we announce %s".formatted(entry.getValue(), entry.getKey(), announced),
                        "set miner.libp2p.announce, start again, then " + PUBLISH))
                .orElseGet(() -> Finding.ok("NET-11", check, seen.isEmpty() ? "no peer has said" : "nothing speaks against it"));
    }

    private Finding workerFunded(MinerInfo info) {
        String check = "the worker can pay for messages";
        try {
            FilAddress worker = chain.accountKey(info.worker());
            signer.sign(worker, new byte[] {0});
            TokenAmount has = chain.walletBalance(worker);
            return has.isLessThan(FEW) ? Finding.warn("NET-12", check, "worker " + worker + " holds " + has, "send it some FIL")
                    : Finding.ok("NET-12", check, "worker " + worker + " holds " + has);
        } catch (CryptoException e) {
            return Finding.fail("NET-12", check, "the key of worker " + info.worker() + " is not here: " + e.getMessage(),
                    "import it by WalletImport, or set chain.signer = lotus");
        } catch (RuntimeException e) {
            return Finding.skipped("NET-12", check, String.valueOf(e.getMessage()));
        }
    }

    private Finding clockRight() {
        String check = "our clock is right";
        if (identity.isPrivateFine()) {
            return Finding.skipped("NET-13", check, "a devnet's quick blocks run ahead of the clock");
        }
        Duration ahead = Duration.between(clock.instant(), chain.head().at());
        return ahead.compareTo(MOST_SKEW) > 0
                ? Finding.fail("NET-13", check, "the chain's head is %d s in our future".formatted(ahead.toSeconds()), "set this machine's clock by NTP")
                : Finding.ok("NET-13", check, "the chain's head is not in our future");
    }

    private static String texts(List<Multiaddr> addresses) {
        return addresses.stream().map(Multiaddr::toString).collect(Collectors.joining(", "));
    }
}
