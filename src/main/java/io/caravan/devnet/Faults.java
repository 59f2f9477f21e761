package io.caravan.devnet;

import io.caravan.chain.Message;
import io.caravan.chain.SignedMessage;
import io.caravan.codec.Cid;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the chain has been told to do wrong (chain-and-rpc §5.3). Lives in memory: a restart forgets all faults. */
final class Faults {

    /** What happens to a matching message in the mempool. */
    enum Action {
        /** Taken, never included. */
        DROP,
        /** Kept out of blocks while the rule stands. */
        HOLD,
        /** Taken, thrown out of the pool before the next block. */
        EVICT,
        /** The push fails. */
        REJECT
    }

    private record Failure(MessageMatch match, long exitCode, int count) {
    }

    private record PoolRule(MessageMatch match, Action action, int count) {
    }

    // Guarded by this object: both lists change from RPC threads and from the block maker.
    private final List<Failure> failures = new ArrayList<>();
    private final List<PoolRule> poolRules = new ArrayList<>();
    private final List<MessageMatch> replacements = new ArrayList<>();
    private final Set<Cid> invalidDeals = ConcurrentHashMap.newKeySet();
    private final Set<Long> refusedDeals = ConcurrentHashMap.newKeySet();

    synchronized void failNext(MessageMatch match, long exitCode, int count) {
        failures.add(new Failure(match, exitCode, count));
    }

    synchronized void addPoolRule(MessageMatch match, Action action, int count) {
        poolRules.add(new PoolRule(match, action, count));
    }

    synchronized void replaceNext(MessageMatch match) {
        replacements.add(match);
    }

    /** The message to include: the given one, or an equal one that pays more gas where {@code ReplaceNext} said so. */
    synchronized SignedMessage replacement(SignedMessage signed, State state) {
        for (MessageMatch match : replacements) {
            if (match.matches(signed.message(), state)) {
                replacements.remove(match);
                Message message = signed.message();
                // nobody holds the sender's key here: the signature stays, blocks are not verified
                return new SignedMessage(message.withGas(message.gasLimit() + 1, message.gasFeeCap(),
                        message.gasPremium()),
                        signed.signature());
            }
        }
        return signed;
    }

    synchronized void clear() {
        replacements.clear();
        failures.clear();
        poolRules.clear();
        invalidDeals.clear();
        refusedDeals.clear();
    }

    /** The market does not activate this deal. */
    void refuseActivation(long dealId) {
        refusedDeals.add(dealId);
    }

    boolean isActivationRefused(long dealId) {
        return refusedDeals.contains(dealId);
    }

    void invalidateDeal(Cid proposalCid) {
        invalidDeals.add(proposalCid);
    }

    boolean isInvalid(Cid proposalCid) {
        return invalidDeals.contains(proposalCid);
    }

    /** The exit code this message shall have; using it up is part of the answer. */
    synchronized OptionalLong forcedExit(Message message, State state) {
        for (int i = 0; i < failures.size(); i++) {
            Failure failure = failures.get(i);
            if (failure.match().matches(message, state)) {
                if (failure.count() <= 1) {
                    failures.remove(i);
                } else {
                    failures.set(i, new Failure(failure.match(), failure.exitCode(), failure.count() - 1));
                }
                return OptionalLong.of(failure.exitCode());
            }
        }
        return OptionalLong.empty();
    }

    /** Whether a rule of this action is for the message. REJECT, DROP and EVICT use up their count, HOLD stands. */
    synchronized boolean applies(Action action, Message message, State state) {
        for (PoolRule rule : poolRules) {
            if (rule.action() == action && rule.match().matches(message, state)) {
                if (action != Action.HOLD) {
                    int place = poolRules.indexOf(rule);
                    if (rule.count() <= 1) {
                        poolRules.remove(place);
                    } else {
                        poolRules.set(place, new PoolRule(rule.match(), rule.action(), rule.count() - 1));
                    }
                }
                return true;
            }
        }
        return false;
    }
}
