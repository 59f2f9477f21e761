package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.Landing;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.TokenAmount;
import io.caravan.store.MessageIntent;
import io.caravan.store.StoredMessage;
import io.caravan.store.StoredMessage.Status;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages about proven sectors. Each is known by what it is for and in which opening of a deadline, so that a look
 * that begins again finds what was sent; one that failed is followed by another a few times.
 */
final class PostMessages {

    private static final Logger LOG = LoggerFactory.getLogger(PostMessages.class);
    /** Keys begin as those of sealing's messages do: the same fees are allowed. */
    private static final String PREFIX = "sector/window/";
    private static final int INTENTS = 100;

    private final FilAddress miner;
    private final SealingTools tools;

    PostMessages(FilAddress miner, SealingTools tools) {
        this.miner = miner;
        this.tools = tools;
    }

    /**
     * What a message is for.
     *
     * @param open the epoch in which the deadline it is about opens
     * @param subject one word or path that tells it from others about that deadline
     */
    record Need(long open, String subject, long method, String note) {
    }

    /**
     * Sends a message once; does nothing while an earlier one about the same is on its way, and tries again after one that
     * failed.
     *
     * @param params made only when something is to be sent; empty when there is nothing to say
     * @throws io.caravan.model.RetryableException the chain is away, or fees are too high now
     */
    void send(Need need, Supplier<Optional<Bytes>> params) {
        for (int attempt = 0; attempt < tools.config().maxTries(); attempt++) {
            String key = PREFIX + miner + "/" + need.open() + "/" + need.subject() + "/" + attempt;
            Optional<StoredMessage> known = tools.messages().find(key);
            if (known.isPresent() && !isOver(known.get())) {
                return;
            }
            if (known.isEmpty()) {
                params.get().ifPresent(bytes -> send(key, need, bytes));
                return;
            }
        }
    }

    private void send(String key, Need need, Bytes params) {
        FilAddress worker = tools.chain().minerInfo(miner).worker();
        try {
            tools.lane().send(new MessageIntent(key, worker, miner, need.method(), TokenAmount.ZERO, params, need.note()));
            LOG.info("{} is sent", need.note());
        } catch (ChainRefusedException e) {
            LOG.warn("the chain refuses the {}: {}", need.note(), e.getMessage());
            tools.messages().callOff(key, String.valueOf(e.getMessage()));
        }
    }

    /** Whether the message did not do what it was sent for and never will. */
    private boolean isOver(StoredMessage message) {
        if (message.status() == Status.FAILED) {
            return true;
        }
        if (message.status() == Status.INTENT) { // killed, or without money, before it was signed: what it says may be old
            return tools.messages().callOff(message.intent().key(), "it is made anew");
        }
        Cid cid = message.landedCid() == null ? message.cid() : message.landedCid();
        Landing landing = tools.watcher().look(cid, 0);
        if (landing instanceof Landing.Landed landed && !landed.isOk()) {
            LOG.warn("the {} failed on chain with exit code {}", message.intent().note(), landed.receipt().exitCode());
            return true;
        }
        return landing instanceof Landing.Gone;
    }

    /** Makes sure that what was not signed while its deadline was open never is. */
    void callOffBefore(long open) {
        for (StoredMessage intent : tools.messages().intents(INTENTS)) {
            String key = intent.intent().key();
            if (key.startsWith(PREFIX + miner + "/")
                    && Long.parseLong(key.substring((PREFIX + miner + "/").length()).split("/")[0]) < open) {
                tools.messages().callOff(key, "its deadline is over");
            }
        }
    }
}
