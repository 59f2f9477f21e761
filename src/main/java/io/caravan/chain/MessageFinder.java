package io.caravan.chain;

import io.caravan.codec.Cid;
import io.caravan.store.MessageStore;
import io.caravan.store.StoredMessage;
import java.util.Optional;

/** Finds executed messages: one of ours by whatever version of it a block carries. */
final class MessageFinder {

    private final Chain chain;
    private final MessageStore store;

    MessageFinder(Chain chain, MessageStore store) {
        this.chain = chain;
        this.store = store;
    }

    /** Where one of our messages was executed, the newest version looked for first. */
    Optional<MessageLookup> find(StoredMessage own) {
        for (MessageStore.Version version : store.versions(own.intent().key())) {
            Optional<MessageLookup> found = search(version.cid());
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Where a message was executed; a node that never heard of it has not seen it executed. */
    Optional<MessageLookup> search(Cid message) {
        try {
            return chain.search(message);
        } catch (ChainRefusedException e) {
            // "equal nonce": the chain holds another message with this sender and nonce (chain-and-rpc §2.4)
            String sentence = String.valueOf(e.getMessage());
            if (sentence.contains("equal nonce") || sentence.contains("failed to load message")
                    || sentence.contains("not found")) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
