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

    /** The bytes and CID of a message signed with a given nonce. */
    record Signed(Bytes bytes, Cid cid) {}

    /** Stores the intent once; the row that its key already has comes back unchanged. */
    StoredMessage intend(MessageIntent intent);

    Optional<StoredMessage> find(String key);

    /** The message that was signed or landed under that CID. */
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

    /** It is in the chain, deep enough. Idempotent. */
    void landed(String key, Cid landedCid, long epoch, long exitCode, @Nullable Bytes returned);

    /** It left the chain again by a reorg: back to pushed. */
    void unlanded(String key);

    /** It will never land: an intent that was never signed, or a nonce that another message used. */
    void failed(String key, String error);

    /** Takes back an intent that was never signed; false, and nothing changed, when it is too late or there is none. */
    boolean callOff(String key, String reason);

    /** Replaces the signed bytes of a live message that keeps its nonce (a higher fee, say). */
    StoredMessage replace(String key, Signed signed);

    /** Every message with a nonce that has not landed, by sender and nonce: what to push again and to watch. */
    List<StoredMessage> live();

    /** Intents without a nonce yet, oldest first. */
    List<StoredMessage> intents(int limit);
}
