package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.store.MessageStore;
import io.caravan.store.StoredMessage;
import java.util.Optional;

/**
 * Looks where a message is, without waiting (deal-lifecycle §9.4): executed and deep enough, still on its way, or
 * passed over by its sender's nonce. Looks back without limit and accepts a message that replaced the one asked for.
 */
public final class MessageWatcher {

    private final Chain chain;
    private final MessageStore store;

    /** @param store where our own messages note that they landed; messages of others are looked at just the same */
    public MessageWatcher(Chain chain, MessageStore store) {
        this.chain = chain;
        this.store = store;
    }

    /**
     * Looks for the message; calling it again does no harm.
     *
     * @param confidence how many epochs must be on top of the tipset that shows the effect
     */
    public Landing look(Cid message, long confidence) {
        Optional<MessageLookup> found = search(message);
        if (found.isEmpty()) {
            return missing(message);
        }
        MessageLookup at = found.get();
        Epoch deepEnough = at.epoch().plus(confidence);
        long head = chain.head().epoch().value();
        if (head < deepEnough.value()) {
            return new Landing.NotYet("message " + message + " to be " + confidence + " epochs deep, at epoch "
                    + deepEnough.value() + " (head " + head + ")");
        }
        own(message).filter(own -> !own.status().isFinal())
                .ifPresent(own -> store.landed(own.intent().key(), at.message(),
                at.epoch().value(), at.receipt().exitCode(), at.receipt().returned()));
        return new Landing.Landed(at.message(), at.receipt(), at.epoch(), !at.message().equals(message));
    }

    private Optional<MessageLookup> search(Cid message) {
        try {
            return chain.search(message);
        } catch (ChainRefusedException e) {
            // the chain holds another message with this sender and nonce: ours can never be executed (chain-and-rpc
            // §2.4)
            if (String.valueOf(e.getMessage()).contains("equal nonce")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A nonce that was used is only then lost when a second search, made after reading it, still finds nothing. */
    private Landing missing(Cid message) {
        Optional<StoredMessage> own = own(message);
        Long nonce = own.map(StoredMessage::nonce).orElse(null);
        if (nonce != null) {
            var sender = chain.accountKey(own.get().intent().sender());
            if (chain.chainNonce(sender) > nonce && search(message).isEmpty()) {
                String reason = "nonce " + nonce + " of " + sender + " was used by another message than " + message;
                return new Landing.Gone(reason);
            }
        }
        return new Landing.NotYet("message " + message + " to be in a block");
    }

    private Optional<StoredMessage> own(Cid message) {
        return store.findByCid(message);
    }
}
