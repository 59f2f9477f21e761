package io.caravan.chain;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.crypto.Signer;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.store.MessageIntent;
import io.caravan.store.MessageStore;
import io.caravan.store.SentMessages;
import io.caravan.store.StoredMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes over what a sender of ours sent while our rows did not see it, as after a restore of older rows: messages in blocks and in
 * the mempool with nonces that no row has. One that does what an unsigned row of ours asks for becomes that row's message, so
 * that it is not sent twice; any other becomes a row of its own. Idempotent. Nothing is sent.
 */
public final class LaneRecovery {

    /** Rows of messages that nobody here asked for have keys that begin so. */
    public static final String FOUND = "found/";
    private static final String ADD_BALANCE = "add-balance/";
    private static final int MOST_INTENTS = 100_000;
    /** Epochs of the first look back; each next one looks twice as far. */
    private static final long FIRST_LOOK = 2_880;

    private final Chain chain;
    private final MessageStore store;
    private final SentMessages sent;
    private final Signer signer;
    private final MessageFinder finder;

    /**
     * One message that is ours now.
     *
     * @param key the row's
     * @param wasAsked whether a row had asked for it
     */
    public record Taken(String key, Message message, Cid cid, boolean wasAsked) {
    }

    /**
     * What a look at one sender came to.
     *
     * @param missing nonces that the chain counts and whose messages it does not show
     */
    public record Outcome(List<Taken> taken, List<Long> missing) {
    }

    private record Found(Message message, Cid cid) {
    }

    public LaneRecovery(Chain chain, MessageStore store, SentMessages sent, Signer signer) {
        this.chain = chain;
        this.store = store;
        this.sent = sent;
        this.signer = signer;
        this.finder = new MessageFinder(chain, store);
    }

    /**
     * Looks for all that one sender sent.
     *
     * @param sender a key address
     * @param floor how far back the chain is walked at most
     * @throws io.caravan.model.RetryableException the chain is away; what was taken stays taken
     */
    public Outcome take(FilAddress sender, Epoch floor) {
        TreeMap<Long, Found> found = new TreeMap<>();
        chain.pending().stream().filter(signed -> signed.message().from().equals(sender))
                .forEach(signed -> found.put(signed.message().nonce(), new Found(signed.message(), signed.cid())));
        List<Long> missing = walkBack(sender, floor, found);
        List<Taken> taken = new ArrayList<>();
        for (Map.Entry<Long, Found> one : found.entrySet()) {
            taken(sender, one.getKey(), one.getValue()).ifPresent(taken::add);
        }
        return new Outcome(taken, missing);
    }

    /** Fills what blocks hold of the nonces that our rows do not explain; which of them stay unexplained. */
    private List<Long> walkBack(FilAddress sender, Epoch floor, Map<Long, Found> found) {
        List<Long> wanted = new ArrayList<>();
        long onChain = chain.chainNonce(sender);
        for (long nonce = sent.nextNonce(sender); nonce < onChain; nonce++) {
            wanted.add(nonce);
        }
        for (StoredMessage live : store.live()) {
            Long nonce = live.nonce();
            if (nonce != null && nonce < onChain && live.intent().sender().equals(sender) && finder.find(live).isEmpty()) {
                wanted.add(nonce); // its fee may have been raised, which our rows did not see
            }
        }
        long head = chain.head().epoch().value();
        for (long depth = FIRST_LOOK; !found.keySet().containsAll(wanted); depth *= 2) {
            long since = Math.max(floor.value(), head - depth);
            for (Cid cid : chain.messagesOf(sender, Epoch.of(Math.max(0, since)))) {
                chain.message(cid).ifPresent(message -> found.putIfAbsent(message.nonce(), new Found(message, cid)));
            }
            if (since <= floor.value() || since <= 0) {
                break;
            }
        }
        wanted.removeAll(found.keySet());
        return wanted;
    }

    private Optional<Taken> taken(FilAddress sender, long nonce, Found found) {
        Optional<StoredMessage> known = sent.ofNonce(sender, nonce);
        if (known.isPresent()) {
            return known.filter(row -> row.status().isLive() && isSame(row.intent(), found.message())
                    && store.versions(row.intent().key()).stream().noneMatch(version -> version.cid().equals(found.cid())))
                    .map(row -> {
                        store.replace(row.intent().key(), signed(sender, found));
                        return new Taken(row.intent().key(), found.message(), found.cid(), true);
                    });
        }
        if (nonce < sent.nextNonce(sender)) {
            return Optional.empty(); // older than anything that our rows still tell of
        }
        Optional<String> asked = store.intents(MOST_INTENTS).stream().map(StoredMessage::intent)
                .filter(intent -> intent.sender().equals(sender) && isSame(intent, found.message())).map(MessageIntent::key).findFirst();
        String key = asked.orElseGet(() -> store.intend(unasked(sender, found)).intent().key());
        store.sign(key, nonce, given -> {
            if (given != nonce) {
                throw new IllegalStateException("nonce " + nonce + " of " + sender + " cannot be taken over, " + given + " is next");
            }
            return signed(sender, found);
        });
        store.pushed(key);
        return Optional.of(new Taken(key, found.message(), found.cid(), asked.isPresent()));
    }

    private static boolean isSame(MessageIntent intent, Message message) {
        return intent.receiver().equals(message.to()) && intent.method() == message.method() && intent.value().equals(message.value())
                && intent.params().equals(message.params());
    }

    /** Top-ups count against the day's ceiling whoever asked for them. */
    private static MessageIntent unasked(FilAddress sender, Found found) {
        Message message = found.message();
        boolean isTopUp = message.to().equals(Methods.MARKET) && message.method() == Methods.MARKET_ADD_BALANCE;
        return new MessageIntent((isTopUp ? ADD_BALANCE : "") + FOUND + found.cid(), sender, message.to(), message.method(), message.value(),
                message.params(), "sent when these rows did not see it");
    }

    /** The bytes as they were: our signatures of the same bytes are the same. The chain's own word is its CID. */
    private MessageStore.Signed signed(FilAddress sender, Found found) {
        SignedMessage again = new SignedMessage(found.message(), signer.sign(sender, found.message().signingBytes()));
        return new MessageStore.Signed(Bytes.wrap(again.toCbor()), found.cid(), chain.head().epoch().value());
    }
}
