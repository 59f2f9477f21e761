package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.chain.FeeRules;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector.Sent;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorMove;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.LeaseLostException;
import io.caravan.store.MessageIntent;
import io.caravan.store.SectorBatches.Member;
import io.caravan.store.StoredMessage.Status;
import io.caravan.store.StoredMessage;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A sector's two messages. Each is known by sector, step and how often the sector was set back before, so that a step
 * that begins again finds the message it sent, and a step that was set back sends a new one.
 */
final class SectorMessages {

    private static final Logger LOG = LoggerFactory.getLogger(SectorMessages.class);

    /** After one of these a step's earlier message does not count any more. */
    private static final Set<SectorEvent> SETBACKS = Set.of(SectorEvent.TICKET_EXPIRED, SectorEvent.PRE_COMMIT_FAILED,
            SectorEvent.REDO_PRE_COMMIT_1, SectorEvent.SEED_CHANGED, SectorEvent.COMMIT_2_FAILED,
            SectorEvent.PROVE_FAILED);

    private final SealingTools tools;

    /**
     * What a message is to do; the miner actor is the receiver, its worker the sender.
     *
     * @param sector the one, or the first of them
     * @param many how many sectors it is for
     */
    record Order(Sector sector, String step, long method, TokenAmount value, Bytes params, int many) {}

    SectorMessages(SealingTools tools) {
        this.tools = tools;
    }

    /**
     * The step's own message if its bytes are signed: from then on it may land, and nothing else may be sent in its
     * place.
     */
    Optional<StoredMessage> signed(Sector sector, String step) {
        return tools.messages().find(key(sector, step))
                .filter(message -> message.status() != Status.INTENT && message.status() != Status.FAILED);
    }

    /** Whether the sector's own message was written down before. */
    boolean isWritten(Sector sector, String step) {
        return tools.messages().find(key(sector, step)).isPresent();
    }

    /** The message for several sectors that this one goes with. */
    Optional<StoredMessage> batch(Sector sector, String step) {
        return tools.batches().messageOf(key(sector, step)).flatMap(tools.messages()::find);
    }

    /** How many messages for several sectors this one went with. */
    int batches(Sector sector, String step) {
        return tools.batches().messagesOf(sector.number(), step).size();
    }

    /**
     * Sends the order once; a second call finds what the first one sent.
     *
     * @throws RetryableException the chain is away, refuses it now, or wants more in fees or deposits than is allowed
     * @throws StaleMessageException an unsigned message of other content stood in its way and was called off
     * @throws LeaseLostException the sector went on elsewhere; nothing is sent
     */
    Cid send(Order order) {
        MessageIntent intent = intent(order);
        try {
            if (signed(order.sector(), order.step()).isEmpty()) {
                requireCurrent(intent);
                requirePriced(order); // what cannot be sent now is not even written down
                if (!tools.batches().write(intent, List.of(new Member(order.sector(), intent.key())))) {
                    throw new LeaseLostException("sector " + order.sector().number() + " went on elsewhere, its " + order.step()
                            + " is not sent");
                }
            }
            return tools.lane().send(intent.key());
        } catch (ChainRefusedException e) {
            throw refused(intent, e);
        }
    }

    /**
     * Sends the message for several sectors; each of them may, and it is sent once.
     *
     * @throws StaleMessageException it will not be sent: the chain refuses it now, or one of its sectors called it off
     * @throws RetryableException the chain is away, or wants more than is allowed
     */
    Cid send(StoredMessage batch) {
        String key = batch.intent().key();
        if (batch.status() == Status.FAILED) {
            throw new StaleMessageException("message " + key + " is not sent: " + batch.error());
        }
        try {
            return tools.lane().send(key);
        } catch (ChainRefusedException e) {
            String reason = "the chain refuses the " + batch.intent().note() + ": " + e.getMessage();
            tools.messages().callOff(key, reason);
            throw new StaleMessageException(reason);
        }
    }

    /** Makes sure that a message for several sectors that is not signed yet never is; they go alone then. */
    boolean callOff(StoredMessage batch, String reason) {
        return tools.messages().callOff(batch.intent().key(), reason);
    }

    /** Whether the chain would take such a message now; it is not sent. */
    boolean isTakeable(Order order) {
        try {
            tools.lane().priced(intent(order));
            return true;
        } catch (ChainRefusedException e) {
            return false;
        }
    }

    /**
     * What the chain says to the step's message if it is asked again, to be put behind an exit code; empty when it says
     * nothing.
     */
    String words(Sector sector, String step) {
        try {
            tools.messages().find(key(sector, step)).ifPresent(message -> tools.lane().priced(message.intent()));
        } catch (ChainRefusedException e) {
            return ": " + e.getMessage();
        } catch (RetryableException e) {
            LOG.debug("nothing is known of why the {} of sector {} failed: {}", step, sector.number(), e.getMessage());
        }
        return "";
    }

    /**
     * What such a message would cost is within what is allowed.
     *
     * @throws RetryableException it is not now
     * @throws ChainRefusedException the message would fail on chain
     */
    void requirePriced(Order order) {
        TokenAmount cap = tools.config().sending().depositCap();
        if (!cap.isZero() && order.value().isMoreThan(cap.times(order.many()))) {
            throw new RetryableException(WaitsOn.MONEY, "the " + order.step() + " would lock " + order.value() + " for "
                    + order.many() + " sectors, it may be " + cap + " each (sealing.deposit.cap)", null);
        }
        tools.lane().priced(intent(order));
    }

    /** The order as it is written down. */
    MessageIntent intent(Order order) {
        FilAddress worker = tools.chain().minerInfo(order.sector().miner()).worker();
        String own = key(order.sector(), order.step());
        String note = order.step() + " of " + (order.many() == 1 ? "sector " + order.sector().number() : order.many() + " sectors");
        return tools.lane().named(new MessageIntent(order.many() == 1 ? own : FeeRules.batch(own, order.many()), worker,
                order.sector().miner(), order.method(), order.value(), order.params(), note));
    }

    /**
     * A kill, or an empty wallet, leaves an intent without signature; if what is wanted has changed since, it must
     * never be sent.
     */
    private void requireCurrent(MessageIntent intent) {
        Optional<StoredMessage> known = tools.messages().find(intent.key());
        boolean isSame = known.map(StoredMessage::intent).filter(old -> old.params().equals(intent.params())
                && old.value().equals(intent.value())).isPresent();
        if (known.isEmpty() || known.get().status() != Status.FAILED && isSame) {
            return;
        }
        String reason = "message " + intent.key() + " was called off before it was signed";
        if (known.get().status() == Status.FAILED || tools.messages().callOff(intent.key(), reason)) {
            throw new StaleMessageException(reason);
        }
    }

    /** Makes sure that what the step wanted to send, and did not sign, is never sent: the sector goes another way. */
    void callOff(Sector sector, String step) {
        tools.messages().callOff(key(sector, step), "the sector was set back");
    }

    private static RetryableException refused(MessageIntent intent, ChainRefusedException e) {
        return new RetryableException(WaitsOn.CHAIN, "the chain refuses the " + intent.note() + ": " + e.getMessage(), e);
    }

    /** The key of the message in which the sector's wish is: one for several, or its own. */
    String sentAs(Sector sector, String step) {
        return batch(sector, step).map(message -> message.intent().key()).orElseGet(() -> key(sector, step));
    }

    /** What was sent for the sector; by its row, or by the message's where a kill or a batch was quicker. */
    Sent known(Sector sector, String step, Sent noted) {
        return noted.intent() != null ? noted : tools.messages().find(sentAs(sector, step))
                .map(message -> new Sent(message.intent().key(), message.cid(), null)).orElse(noted);
    }

    /** By what the message of this step is known; the same until the sector is set back. */
    String key(Sector sector, String step) {
        long setbacks = tools.sectors().events(sector.number()).stream().map(SectorMove::event)
                .filter(SETBACKS::contains).count();
        return "sector/" + sector.miner() + "/" + sector.number() + "/" + step + "/" + setbacks;
    }
}
