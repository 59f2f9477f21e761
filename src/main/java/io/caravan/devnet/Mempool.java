package io.caravan.devnet;

import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Messages that wait for a block, by sender and nonce. Not for several threads: the chain's lock guards it. */
final class Mempool {

    private static final int MAX_BLOCK_MESSAGES = 500;

    private final Map<FilAddress, TreeMap<Long, SignedMessage>> pending = new TreeMap<>();
    private final Set<Cid> neverIncluded = new HashSet<>();

    /** Adds a message that {@link MempoolRules} took; answers the one it replaced. */
    Optional<SignedMessage> add(SignedMessage message) {
        TreeMap<Long, SignedMessage> lane = pending.computeIfAbsent(message.message().from(), from -> new TreeMap<>());
        SignedMessage replaced = lane.put(message.message().nonce(), message);
        if (replaced != null) {
            neverIncluded.remove(replaced.cid());
        }
        return Optional.ofNullable(replaced);
    }

    void remove(SignedMessage message) {
        TreeMap<Long, SignedMessage> lane = pending.get(message.message().from());
        if (lane != null && message.equals(lane.get(message.message().nonce()))) {
            lane.remove(message.message().nonce());
            neverIncluded.remove(message.cid());
            if (lane.isEmpty()) {
                pending.remove(message.message().from());
            }
        }
    }

    /** The message stays where it is and no block takes it. */
    void neverInclude(Cid cid) {
        neverIncluded.add(cid);
    }

    Optional<SignedMessage> find(FilAddress from, long nonce) {
        TreeMap<Long, SignedMessage> lane = pending.get(from);
        return lane == null ? Optional.empty() : Optional.ofNullable(lane.get(nonce));
    }

    Optional<SignedMessage> find(Cid cid) {
        return all().stream().filter(message -> message.cid().equals(cid) || message.message().cid().equals(cid))
                .findFirst();
    }

    List<SignedMessage> of(FilAddress from) {
        TreeMap<Long, SignedMessage> lane = pending.get(from);
        return lane == null ? List.of() : List.copyOf(lane.values());
    }

    List<SignedMessage> all() {
        return pending.values().stream().flatMap(lane -> lane.values().stream()).toList();
    }

    /** The nonce behind the messages that follow the chain's nonce without a gap. */
    long nextNonce(FilAddress from, long onChain) {
        long next = onChain;
        while (find(from, next).isPresent()) {
            next++;
        }
        return next;
    }

    /** Messages whose nonce the chain has passed; they never can run. */
    List<SignedMessage> stale(State state) {
        return all().stream().filter(message -> state.actor(message.message().from())
                .map(actor -> actor.nonce() > message.message().nonce()).orElse(false)).toList();
    }

    /**
     * What the next block takes: each sender's messages from its nonce on without a gap, senders with the highest
     * premium first, BLS before secp256k1 in the answer.
     */
    List<SignedMessage> select(State state, Rules rules, Faults faults) {
        List<List<SignedMessage>> lanes = new ArrayList<>();
        for (FilAddress from : pending.keySet()) {
            List<SignedMessage> lane = ready(from, state, rules, faults);
            if (!lane.isEmpty()) {
                lanes.add(lane);
            }
        }
        lanes.sort(Comparator.comparing((List<SignedMessage> lane) -> lane.get(0).message().gasPremium()).reversed());
        List<SignedMessage> chosen = new ArrayList<>();
        long gas = 0;
        for (List<SignedMessage> lane : lanes) {
            for (SignedMessage message : lane) {
                gas += message.message().gasLimit();
                if (gas > Gas.BLOCK_LIMIT || chosen.size() == MAX_BLOCK_MESSAGES) {
                    return ordered(chosen);
                }
                chosen.add(message);
            }
        }
        return ordered(chosen);
    }

    private List<SignedMessage> ready(FilAddress from, State state, Rules rules, Faults faults) {
        Optional<Actor> sender = state.actor(from);
        List<SignedMessage> lane = new ArrayList<>();
        if (sender.isEmpty()) {
            return lane;
        }
        TokenAmount left = sender.get().balance();
        for (long nonce = sender.get().nonce();; nonce++) {
            SignedMessage next = find(from, nonce).orElse(null);
            if (next == null || neverIncluded.contains(next.cid())) {
                return lane;
            }
            Message message = next.message();
            TokenAmount needed = message.requiredFunds();
            if (left.isLessThan(needed) || message.gasFeeCap().isLessThan(rules.baseFee())
                    || faults.applies(Faults.Action.HOLD, message, state)) {
                return lane;
            }
            left = left.minus(needed);
            lane.add(next);
        }
    }

    private static List<SignedMessage> ordered(List<SignedMessage> chosen) {
        List<SignedMessage> ordered = new ArrayList<>(chosen.stream().filter(SignedMessage::isBls).toList());
        chosen.stream().filter(message -> !message.isBls()).forEach(ordered::add);
        return ordered;
    }
}
