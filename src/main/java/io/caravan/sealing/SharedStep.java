package io.caravan.sealing;

import io.caravan.codec.Bytes;
import io.caravan.model.Epoch;
import io.caravan.model.Sector;
import io.caravan.model.SectorEvent;
import io.caravan.model.SectorState;
import io.caravan.model.TokenAmount;
import java.util.List;
import java.util.Optional;

/**
 * A step whose result goes on chain, as far as several sectors share its message.
 *
 * @param <P> what one sector adds to the parameters
 */
interface SharedStep<P> {

    /** The step's name in the keys of messages. */
    String name();

    SectorState state();

    /** What happens to a sector whose message failed; from then on it is sent alone. */
    SectorEvent failure();

    long method();

    BatchConfig config();

    /** About how many bytes of parameters the sector takes, by its row. */
    long bytes(Sector sector);

    /** The epoch by which the sector's message has to be on chain. */
    Epoch cutOff(Sector sector);

    /** What the sector adds to a message sent now; empty for one that has to go another way. */
    Optional<P> part(Sector sector, Epoch head);

    /** What the chain locks for it. */
    TokenAmount value(P part);

    /** The parameters of a message for several. */
    Bytes params(List<P> parts);

    static Epoch earlier(Epoch one, Epoch other) {
        return one.isBefore(other) ? one : other;
    }
}
