package io.caravan.sealing;

import io.caravan.chain.ChainRefusedException;
import io.caravan.codec.Bytes;
import io.caravan.codec.Cid;
import io.caravan.model.FilAddress;
import io.caravan.model.RetryableException;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorMove;
import io.caravan.model.TokenAmount;
import io.caravan.model.WaitsOn;
import io.caravan.store.MessageIntent;
import io.caravan.store.StoredMessage;
import io.caravan.store.StoredMessage.Status;
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

    /** What a message is to do; the miner actor is the receiver, its worker the sender. */
    record Order(Sector sector, String step, long method, TokenAmount value, Bytes params) {}

    SectorMessages(SealingTools tools) {
        this.tools = tools;
    }

    /**
     * The step's message if its bytes are signed: from then on it may land, and nothing else may be sent in its place.
     */
    Optional<StoredMessage> signed(Sector sector, String step) {
        return tools.messages().find(key(sector, step))
                .filter(message -> message.status() != Status.INTENT && message.status() != Status.FAILED);
    }

    /**
     * Sends the order once; a second call finds what the first one sent.
     *
     * @throws RetryableException the chain is away, refuses it now, or wants more in fees than is allowed
     * @throws StaleMessageException an unsigned message of other content stood in its way and was called off
     */
    Cid send(Order order) {
        MessageIntent intent = intent(order);
        try {
            if (signed(order.sector(), order.step()).isEmpty()) {
                requireCurrent(intent);
                tools.lane().priced(intent); // what cannot be sent now is not even written down
            }
            return tools.lane().send(intent);
        } catch (ChainRefusedException e) {
            throw refused(intent, e);
        }
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

    private MessageIntent intent(Order order) {
        FilAddress worker = tools.chain().minerInfo(order.sector().miner()).worker();
        return new MessageIntent(key(order.sector(), order.step()), worker, order.sector().miner(), order.method(), order.value(),
                order.params(), order.step() + " of sector " + order.sector().number());
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

    /** By what the message of this step is known; the same until the sector is set back. */
    String key(Sector sector, String step) {
        long setbacks = tools.sectors().events(sector.number()).stream().map(SectorMove::event)
                .filter(SETBACKS::contains).count();
        return "sector/" + sector.miner() + "/" + sector.number() + "/" + step + "/" + setbacks;
    }
}
