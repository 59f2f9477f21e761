package io.caravan.store;

import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message's row. What is known later is null until then.
 *
 * @param signed the signed message's CBOR, the very bytes that are pushed again after a crash
 * @param cid the message's CID as signed
 * @param landedCid the CID it landed under, which differs when somebody replaced the message
 * @param error why it failed or what the last push said
 */
public record StoredMessage(long id, MessageIntent intent, Status status, @Nullable Long nonce,
        @Nullable Bytes signed, @Nullable Cid cid, @Nullable Cid landedCid, @Nullable Long landedEpoch,
        @Nullable Long exitCode, @Nullable Bytes returned, @Nullable String error, int pushes, Instant createdAt,
        Instant updatedAt) {

    public enum Status {
        /** Wanted, without nonce. */
        INTENT,
        /** Nonce, bytes and CID are stored; it may or may not have been pushed. */
        SIGNED,
        /** A node took it. */
        PUSHED,
        /** In the chain, deep enough. */
        LANDED,
        /** It will never be in the chain and its nonce is free again. */
        FAILED;

        /** Whether its nonce is taken. */
        public boolean isLive() {
            return this == SIGNED || this == PUSHED;
        }

        /** Whether nothing more happens to it. */
        public boolean isFinal() {
            return this == LANDED || this == FAILED;
        }
    }
}
