package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.store.MessageStore;
import io.caravan.store.StoredMessage;
import io.caravan.store.StoredMessage.Status;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks where a message is, without waiting (deal-lifecycle §9.4): executed and deep enough, still on its way, or
 * passed over by its sender's nonce. Looks back without limit and accepts a message that replaced the one asked for.
 */
public final class MessageWatcher {

    private static final Logger LOG = LoggerFactory.getLogger(MessageWatcher.class);

    private final Chain chain;
    private final MessageStore store;
    private final MessageFinder finder;
    private volatile MessageWatch watch = MessageWatch.NOBODY;

    /** @param store where our own messages note that they landed; messages of others are looked at just the same */
    public MessageWatcher(Chain chain, MessageStore store) {
        this.chain = chain;
        this.store = store;
        this.finder = new MessageFinder(chain, store);
    }

    /** Tells of each message of ours that this watcher notes as landed. */
    public void watchedBy(MessageWatch listener) {
        watch = listener;
    }

    /**
     * Looks for the message; calling it again does no harm.
     *
     * @param confidence how many epochs must be on top of the tipset that shows the effect, and on top of the one that
     *     showed another message with its nonce
     */
    public Landing look(Cid message, long confidence) {
        StoredMessage own = store.findByCid(message).orElse(null);
        Optional<MessageLookup> found = own == null ? finder.search(message) : finder.find(own);
        return found.isEmpty() ? missing(message, own, confidence) : executed(message, own, found.get(), confidence);
    }

    private Landing executed(Cid message, @Nullable StoredMessage own, MessageLookup at, long confidence) {
        if (own != null) {
            store.notGone(own.intent().key());
        }
        Epoch deepEnough = at.epoch().plus(confidence);
        TipSet tip = chain.head();
        long head = tip.epoch().value();
        if (head < deepEnough.value()) {
            return new Landing.NotYet("message " + at.message() + " to be " + confidence + " epochs deep, at epoch "
                    + deepEnough.value() + " (head " + head + ")", true);
        }
        if (own != null && !own.status().isFinal() && store.landed(own.intent().key(), at.message(), at.epoch().value(),
                at.receipt().exitCode(), at.receipt().returned())) {
            watch.landed(own, at.receipt(), tip.parentBaseFee());
        }
        return new Landing.Landed(at.message(), at.receipt(), at.epoch(), !at.message().equals(message));
    }

    private Landing missing(Cid message, @Nullable StoredMessage own, long confidence) {
        if (own != null && own.status() == Status.LANDED) {
            LOG.warn("message {} ({}) left the chain by a reorganisation; it is pushed again", message, own.intent().key());
            store.unlanded(own.intent().key());
        }
        Long nonce = own == null ? null : own.nonce();
        if (nonce != null) {
            Optional<Landing> passedOver = passedOver(message, own, nonce, confidence);
            if (passedOver.isPresent()) {
                return passedOver.get();
            }
        }
        return new Landing.NotYet("message " + message + " to be in a block", false);
    }

    /** A nonce that was used is only then lost when a search made after reading it still finds nothing, at depth. */
    private Optional<Landing> passedOver(Cid message, StoredMessage own, long nonce, long confidence) {
        FilAddress sender = chain.accountKey(own.intent().sender());
        long head = chain.head().epoch().value();
        if (chain.chainNonce(sender) <= nonce || finder.find(own).isPresent()) {
            return Optional.empty();
        }
        String reason = "nonce " + nonce + " of " + sender + " was used by another message than " + message;
        long certain = store.goneSince(own.intent().key(), head) + confidence;
        if (head < certain) {
            return Optional.of(new Landing.NotYet("certainty at epoch " + certain + " (head " + head + ") that " + reason,
                    false));
        }
        store.failed(own.intent().key(), reason);
        return Optional.of(new Landing.Gone(reason));
    }
}
