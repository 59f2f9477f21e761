package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.Signer;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.WaitsOn;
import io.caravan.store.MessageIntent;
import io.caravan.store.MessageStore;
import io.caravan.store.StoredMessage.Status;
import io.caravan.store.StoredMessage;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each intent as exactly one message (architecture D9, deal-lifecycle §13 D14). The intent is stored first; then
 * nonce, signed bytes and CID together; only then is it pushed. Whatever comes after, restart or lost answer, pushes
 * those same bytes again.
 */
public final class MessageLane {

    private static final Logger LOG = LoggerFactory.getLogger(MessageLane.class);
    /** Epochs on top of an executed message after which nothing is expected to change. */
    private static final long SETTLED = 20;

    private final Chain chain;
    private final MessageStore store;
    private final Signer signer;
    private final Supplier<FeeRules> fees;
    private final MessageFinder finder;
    private volatile MessageWatch watch = MessageWatch.NOBODY;

    /**
     * A lane whose fees have no limit and whose messages are never replaced.
     *
     * @param signer holds the keys of every sender: our keystore, or the chain node's wallet
     */
    public MessageLane(Chain chain, MessageStore store, Signer signer) {
        this(chain, store, signer, () -> FeeRules.of(FeeLimit.NONE));
    }

    /**
     * @param signer holds the keys of every sender: our keystore, or the chain node's wallet
     * @param fees what each kind of message may cost, and when its fee is raised; asked for each message, those on their way too
     */
    public MessageLane(Chain chain, MessageStore store, Signer signer, Supplier<FeeRules> fees) {
        this.chain = chain;
        this.store = store;
        this.signer = signer;
        this.fees = fees;
        this.finder = new MessageFinder(chain, store);
    }

    /**
     * Sends the intent unless its key was sent before; returns the message's CID either way. Calling it again does no
     * harm.
     *
     * @throws RetryableException the chain is away, or does not take the message now (an empty wallet, say)
     * @throws ChainRefusedException the message would fail on chain; nothing was signed and the intent may be tried
     *     again
     */
    public Cid send(MessageIntent intent) {
        store.intend(named(intent));
        return send(intent.key());
    }

    /** Sends an intent that is stored already, as the fund store does; its sender has to be a key address. */
    public Cid send(String key) {
        StoredMessage message = store.find(key)
                .orElseThrow(() -> new IllegalArgumentException("no message intent " + key));
        if (message.status() == Status.INTENT) {
            message = sign(message);
        }
        if (message.status() == Status.SIGNED) {
            push(message);
        }
        return cidOf(message);
    }

    /** Tells of each message that this lane notes as landed. */
    public void watchedBy(MessageWatch listener) {
        watch = listener;
    }

    /** The CID an intent's message has; empty while it has no nonce. After landing, the CID it landed under. */
    public Optional<Cid> find(String key) {
        return store.find(key).filter(message -> message.cid() != null).map(MessageLane::cidOf);
    }

    /** Why the message of a key can never land, or was called off; empty while it can, or has. */
    public Optional<String> failure(String key) {
        return store.find(key).filter(message -> message.status() == Status.FAILED)
                .map(message -> String.valueOf(message.error()));
    }

    /** What the last push, or the last try to raise the fee, said; empty when all is well. */
    public Optional<String> trouble(String key) {
        return store.find(key).map(StoredMessage::error);
    }

    /**
     * What a message would be if it were signed now: gas estimated, fees within its kind's limit.
     *
     * @throws RetryableException the chain is away, the wallet is too low or the fees are above the limit
     * @throws ChainRefusedException the message would fail on chain
     */
    public Message priced(MessageIntent wanted) {
        FilAddress key = chain.accountKey(wanted.sender());
        Message draft = MessageFees.first(chain.estimateGas(
                Message.of(key, wanted.receiver(), wanted.value(), wanted.method(), wanted.params())),
                chain.head().parentBaseFee(), fees.get().of(wanted));
        requireFunds(draft);
        return draft;
    }

    /**
     * Signs intents that were left without a nonce, but not those of sectors, whose steps look first whether they still are
     * wanted; and pushes every live message again that no block holds, in nonce
     * order; replaces each sender's first by one that pays more when it did not land in time; notes those that landed
     * long ago. For a node's start and for a timer, because a mempool may forget. What fails is logged and left for
     * the next time.
     */
    public void resume() {
        Set<FilAddress> waiting = new HashSet<>();
        for (StoredMessage message : store.live()) {
            quietly(message, () -> {
                if (!isExecuted(message)) {
                    boolean isFirst = waiting.add(message.intent().sender());
                    push(message);
                    if (isFirst) {
                        raise(message);
                    }
                }
            });
        }
        for (StoredMessage intent : store.intents(100)) {
            if (!intent.intent().key().startsWith(FeeRules.SECTOR)) {
                quietly(intent, () -> send(intent.intent().key()));
            }
        }
    }

    /** A message that no phase waits for, as one about our address, is closed here once it is deep enough. */
    private boolean isExecuted(StoredMessage message) {
        Optional<MessageLookup> executed = finder.find(message);
        executed.ifPresent(at -> {
            TipSet head = chain.head();
            if (at.epoch().plus(SETTLED).compareTo(head.epoch()) <= 0) {
                if (store.landed(message.intent().key(), at.message(), at.epoch().value(), at.receipt().exitCode(), at.receipt().returned())) {
                    watch.landed(message, at.receipt(), head.parentBaseFee());
                }
            }
        });
        return executed.isPresent();
    }

    /** The same message under the same nonce with a higher fee, stored before it is pushed. */
    private void raise(StoredMessage message) {
        String key = message.intent().key();
        FeeLimit limit = fees.get().of(message.intent());
        TipSet head = chain.head();
        List<MessageStore.Version> versions = store.versions(key);
        if (limit.replaceAfter() == 0 || versions.isEmpty() || message.signed() == null
                || versions.get(0).epoch() + limit.replaceAfter() > head.epoch().value()) {
            return;
        }
        try {
            Message old = SignedMessage.ofCbor(message.signed().toArray()).message();
            Message next = MessageFees.raised(old, head.parentBaseFee(), limit);
            requireFunds(next);
            StoredMessage replaced = store.replace(key, signed(next, head.epoch().value()));
            LOG.info("message {} did not land in {} epochs; its fee cap goes from {} to {} per gas, nonce {}", key,
                    limit.replaceAfter(), old.gasFeeCap(), next.gasFeeCap(), next.nonce());
            push(replaced);
        } catch (RetryableException e) {
            store.pushFailed(key, "it did not land in " + limit.replaceAfter() + " epochs: " + e.getMessage());
            throw e;
        }
    }

    private void quietly(StoredMessage message, Runnable work) {
        try {
            work.run();
        } catch (RetryableException | ChainRefusedException e) {
            LOG.debug("message {} later: {}", message.intent().key(), e.getMessage());
        }
    }

    /** The intent as it is stored: its sender by the key address, for a sender is one lane and has one name there. */
    public MessageIntent named(MessageIntent intent) {
        FilAddress sender = intent.sender();
        return sender.isKey() ? intent
                : new MessageIntent(intent.key(), chain.accountKey(sender), intent.receiver(), intent.method(),
                intent.value(), intent.params(), intent.note());
    }

    /** Gas is estimated before the nonce is taken: a message that cannot work never blocks the lane. */
    private StoredMessage sign(StoredMessage intent) {
        MessageIntent wanted = intent.intent();
        Message draft = priced(wanted);
        long head = chain.head().epoch().value();
        return store.sign(wanted.key(), chain.nextNonce(draft.from()), nonce -> signed(draft.withNonce(nonce), head));
    }

    private void requireFunds(Message draft) {
        var has = chain.walletBalance(draft.from());
        if (has.compareTo(draft.requiredFunds()) < 0) {
            throw new RetryableException(WaitsOn.MONEY, "wallet " + draft.from() + " has " + has
                    + ", the message needs " + draft.requiredFunds(),
                    new WalletShortException(draft.from(), has, draft.requiredFunds()));
        }
    }

    private MessageStore.Signed signed(Message message, long head) {
        SignedMessage signed = new SignedMessage(message, signer.sign(message.from(), message.signingBytes()));
        return new MessageStore.Signed(Bytes.wrap(signed.toCbor()), signed.cid(), head);
    }

    private void push(StoredMessage message) {
        String key = message.intent().key();
        Bytes bytes = message.signed();
        if (bytes == null) {
            throw new IllegalStateException("message " + key + " is live without its bytes");
        }
        try {
            chain.push(SignedMessage.ofCbor(bytes.toArray()));
            store.pushed(key);
        } catch (ChainRefusedException e) {
            refused(key, e);
        } catch (RetryableException e) {
            store.pushFailed(key, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /**
     * The mempool says no also to what it has, and to what is executed already: both mean that the message is on its
     * way.
     */
    private void refused(String key, ChainRefusedException e) {
        String sentence = String.valueOf(e.getMessage());
        if (isKnownAlready(sentence)) {
            store.pushed(key);
            return;
        }
        store.pushFailed(key, sentence);
        throw new RetryableException(WaitsOn.CHAIN, "the mempool does not take message " + key + ": " + sentence, e);
    }

    private static boolean isKnownAlready(String sentence) {
        return sentence.contains("already in mpool") || sentence.contains("already exists")
                || sentence.contains("nonce too low") || sentence.contains("minimum expected nonce");
    }

    private static Cid cidOf(StoredMessage message) {
        Cid landed = message.landedCid();
        Cid cid = landed != null ? landed : message.cid();
        if (cid == null) {
            throw new RetryableException("message " + message.intent().key() + " has no nonce yet: "
                    + (message.error() == null ? "it waits" : message.error()));
        }
        return cid;
    }
}
