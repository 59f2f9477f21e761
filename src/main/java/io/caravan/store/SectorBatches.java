package io.caravan.store;

import io.caravan.model.Sector;
import io.caravan.model.SectorNumber;
import io.caravan.model.SectorState;
import java.util.List;
import java.util.Optional;

/**
 * Which sectors go into which message. What is written here is written before anything is signed, and in one transaction
 * with the message's own row: after a kill everybody finds the same sectors in the same message.
 */
public interface SectorBatches {

    /**
     * A sector as it was read, and its wish to be sent.
     *
     * @param key how a message for this sector alone would be called
     */
    record Member(Sector sector, String key) {}

    /** The message for several sectors in which that wish is; empty when it is in none. */
    Optional<String> messageOf(String memberKey);

    /** The messages for several sectors that this sector was in, of one step. */
    List<String> messagesOf(SectorNumber number, String step);

    /** Sectors of a state whose result waits to be sent and on which nobody is at work, those first that wait longest. */
    List<Sector> ready(SectorState state, int limit);

    /**
     * Writes down a message and who is in it, the first being the sector on which the caller is at work: all or nothing.
     *
     * @return false, and nothing is written, when one of the sectors is not as it was read any more, when the caller has
     *     lost his, when somebody else is at work on another one, or when one is in another message already
     */
    boolean write(MessageIntent intent, List<Member> members);
}
