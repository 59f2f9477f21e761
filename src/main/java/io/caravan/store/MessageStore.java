package io.caravan.store;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Our chain messages, written down before they are sent: intent, then nonce with bytes and CID, then pushed, then
 * landed. A kill between any two steps resumes with the same bytes.
 */
public interface MessageStore {

    /**
     * A message signed with a given nonce.
     *
     * @param epoch the head when it was signed
     */
    record Signed(Bytes bytes, Cid cid, long epoch) {}

    /**
     * One set of bytes that a message was signed as; with a replaced fee there are several, and any may land.
     *
     * @param epoch the head when it was signed
     */
    record Version(Cid cid, long epoch) {}

    /** Stores the intent once; the row that its key already has comes back unchanged. */
    StoredMessage intend(MessageIntent intent);

    Optional<StoredMessage> find(String key);

    /** The message that was signed, in any of its versions, or landed under that CID. */
    Optional<StoredMessage> findByCid(Cid cid);

    /**
     * Gives an intent the sender's next nonce and stores the signed bytes, under the sender's lock: the larger of the
     * chain's next nonce and one more than our highest live one. A message that already has its nonce comes back as is.
     *
     * @param chainNonce what the chain says the sender's next nonce is
     * @param signer signs with the given nonce; local work only, it runs inside the transaction
     */
    StoredMessage sign(String key, long chainNonce, LongFunction<Signed> signer);

    /** A node took it. */
    void pushed(String key);

    /** A push was refused or failed; the message stays as it is, to be pushed again. */
    void pushFailed(String key, String error);

    /**
     * It is in the chain, deep enough. Idempotent.
     *
     * @return whether it was this call that noted it: of several who see a message land, one is told true
     */
    boolean landed(String key, Cid landedCid, long epoch, long exitCode, @Nullable Bytes returned);

    /** It left the chain again by a reorg: back to pushed. */
    void unlanded(String key);

    /** It will never land: an intent that was never signed, or a nonce that another message used. */
    void failed(String key, String error);

    /** Takes back an intent that was never signed; false, and nothing changed, when it is too late or there is none. */
    boolean callOff(String key, String reason);

    /**
     * Replaces the signed bytes of a live message that keeps its nonce (a higher fee, say). The earlier versions stay
     * known: a block may carry any of them.
     */
    StoredMessage replace(String key, Signed signed);

    /** What the message was signed as, the newest first. */
    List<Version> versions(String key);

    /**
     * Notes that the message's nonce is seen used by another message at that epoch; a second note changes nothing.
     *
     * @return the epoch of the first note
     */
    long goneSince(String key, long epoch);

    /** The message was found after all: forgets {@link #goneSince}. */
    void notGone(String key);

    /** Every message with a nonce that has not landed, by sender and nonce: what to push again and to watch. */
    List<StoredMessage> live();

    /** Intents without a nonce yet, oldest first. */
    List<StoredMessage> intents(int limit);
}
