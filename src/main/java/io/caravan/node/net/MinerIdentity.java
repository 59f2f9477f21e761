package io.caravan.node.net;

import io.caravan.chain.Chain;
import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.ChangeMultiaddrsParams;
import io.caravan.chain.ChangePeerIdParams;
import io.caravan.chain.Message;
import io.caravan.chain.MessageLane;
import io.caravan.chain.Methods;
import io.caravan.chain.MinerInfo;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.libp2p.Host;
import io.caravan.libp2p.Multiaddr;
import io.caravan.model.FatalException;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.TokenAmount;
import io.caravan.store.MessageIntent;
import io.caravan.store.MessageStore;
import io.caravan.store.SettingStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Our miner's place in the network: who it is here, and what the chain tells daemons. After an upgrade or a move the chain
 * still names the old one, which is the most frequent reason for a miner that nobody reaches; so they are compared at start
 * and every few minutes, and set right by a message when the operator allows it.
 */
public final class MinerIdentity {

    private static final Logger LOG = LoggerFactory.getLogger(MinerIdentity.class);
    /** The peer id of the last run, or the one that an operator has published since. */
    private static final String KNOWN_PEER = "miner.identity.peer";

    private final FilAddress miner;
    private final Host host;
    private final Chain chain;
    private final MessageLane lane;
    private final MessageStore messages;
    private final SettingStore kept;
    private final Supplier<Policy> policy;
    private final Clock clock;

    /** Whether a difference is set right by itself. */
    public enum Publishing {
        /** Sent as soon as it is seen, unless our key is another than at the last run. */
        AUTO,
        /** Health turns red with the command that sends it. */
        ASK,
        /** Nobody is told; for a miner whose address another program keeps. */
        OFF;

        /** By the word of the configuration. */
        public static Optional<Publishing> of(String word) {
            return List.of(values()).stream().filter(value -> value.name().equalsIgnoreCase(word)).findFirst();
        }
    }

    /**
     * @param maxFee most that one message may cost in fees
     * @param isPrivateFine whether private addresses may stand on chain: true for a devnet, whose daemons are near
     */
    public record Policy(Publishing publishing, TokenAmount maxFee, boolean isPrivateFine) {}

    /** Where the identity's messages go and what is remembered of it. */
    public record Tools(Host host, Chain chain, MessageLane lane, MessageStore messages, SettingStore kept, Clock clock) {}

    /** @param policy is asked at each comparison */
    public MinerIdentity(FilAddress miner, Tools tools, Supplier<Policy> policy) {
        this.miner = miner;
        this.host = tools.host();
        this.chain = tools.chain();
        this.lane = tools.lane();
        this.messages = tools.messages();
        this.kept = tools.kept();
        this.clock = tools.clock();
        this.policy = policy;
        if (kept.find(KNOWN_PEER).isEmpty()) {
            kept.put(KNOWN_PEER, ourPeer());
        }
    }

    /**
     * What is different.
     *
     * @param isKeyNew whether our key is another than at the last run, by no operator's word
     */
    public record Difference(boolean isPeerOther, boolean areAddressesOther, boolean isKeyNew) {

        public boolean isNone() {
            return !isPeerOther && !areAddressesOther;
        }
    }

    public FilAddress miner() {
        return miner;
    }

    String ourPeer() {
        return host.peerId().toString();
    }

    /** The peer id of the last run. */
    String knownPeer() {
        return kept.find(KNOWN_PEER).orElse("");
    }

    List<Multiaddr> announced() {
        return host.announcedAddresses();
    }

    boolean isPrivateFine() {
        return policy.get().isPrivateFine();
    }

    /** Compares the chain's head with this host. The order of addresses does not matter. */
    public Difference difference() {
        MinerInfo info = chain.minerInfo(miner);
        return new Difference(!ourPeer().equals(info.peerId()),
                !new HashSet<>(addresses()).equals(new HashSet<>(info.multiaddrs())), !knownPeer().equals(ourPeer()));
    }

    /** Looks, and sets right what may be set right unasked. What hinders it is logged; health tells it, too. */
    public void check() {
        try {
            Difference difference = difference();
            if (difference.isNone()) {
                kept.put(KNOWN_PEER, ourPeer());
            } else if (mayPublish(difference)) {
                publish(policy.get().maxFee());
            } else if (policy.get().publishing() != Publishing.OFF) {
                LOG.warn("the chain tells daemons another address of {} than peer {} at {}: they cannot find us; run ./caravan net publish-addrs",
                        miner, ourPeer(), announced());
            }
        } catch (RetryableException | ChainRefusedException | FatalException e) {
            LOG.warn("what the chain says about where {} is could not be set right: {}", miner, e.getMessage());
        }
    }

    private boolean mayPublish(Difference difference) {
        boolean isShown = policy.get().isPrivateFine() || announced().stream().noneMatch(address -> Addresses.privateBecause(address).isPresent());
        return policy.get().publishing() == Publishing.AUTO && !difference.isKeyNew() && isShown;
    }

    /**
     * Tells the chain our peer id and addresses where it says something else: an operator's word, or {@code auto}'s.
     *
     * @return the messages under way, none when nothing differs
     * @throws FatalException when a message would cost more than {@code maxFee}; nothing is sent
     */
    public List<Cid> publish(TokenAmount maxFee) {
        Difference difference = difference();
        FilAddress worker = chain.accountKey(chain.minerInfo(miner).worker());
        List<MessageIntent> intents = new ArrayList<>();
        if (difference.isPeerOther()) {
            intents.add(intent(worker, Methods.MINER_CHANGE_PEER_ID, new ChangePeerIdParams(Bytes.wrap(host.peerId().toBytes())).toCbor(),
                    "tell the chain our peer id " + ourPeer()));
        }
        if (difference.areAddressesOther()) {
            intents.add(intent(worker, Methods.MINER_CHANGE_MULTIADDRS, new ChangeMultiaddrsParams(addresses()).toCbor(),
                    "tell the chain our addresses " + announced()));
        }
        intents.forEach(intent -> requireCheap(intent, maxFee));
        List<Cid> sent = intents.stream().map(this::send).toList();
        kept.put(KNOWN_PEER, ourPeer());
        return sent;
    }

    private MessageIntent intent(FilAddress worker, long method, byte[] params, String note) {
        return new MessageIntent("identity/" + method + "/" + clock.millis(), worker, miner, method, TokenAmount.ZERO,
                Bytes.wrap(params), note);
    }

    private void requireCheap(MessageIntent intent, TokenAmount maxFee) {
        Message estimated = chain.estimateGas(Message.of(intent.sender(), miner, TokenAmount.ZERO, intent.method(), intent.params()));
        if (!maxFee.isZero() && estimated.requiredFunds().isMoreThan(maxFee)) {
            throw new FatalException("to " + intent.note() + " may cost " + estimated.requiredFunds() + ", above miner.identity.max-fee = "
                    + maxFee + "; wait for cheaper gas, or run ./caravan net publish-addrs --max-fee " + estimated.requiredFunds());
        }
    }

    /** The same message is under way only once. */
    private Cid send(MessageIntent intent) {
        Optional<Cid> underWay = messages.live().stream()
                .filter(message -> message.intent().method() == intent.method() && message.intent().params().equals(intent.params()))
                .map(message -> lane.send(message.intent().key())).findFirst();
        return underWay.orElseGet(() -> {
            LOG.info("{}: {}", miner, intent.note());
            return lane.send(intent);
        });
    }

    private List<Bytes> addresses() {
        return announced().stream().map(Multiaddr::toBytes).map(Bytes::wrap).toList();
    }
}
