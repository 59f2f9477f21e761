package io.caravan.sealing;

import io.caravan.chain.Chain;
import io.caravan.codec.Bytes;
import io.caravan.model.Epoch;
import io.caravan.model.FilAddress;
import io.caravan.model.Sector;

/**
 * Where sealing's randomness comes from, and how long a sector is promised (chain-and-rpc §3.7, §4.3; spec sealing
 * 5.3).
 */
final class SealEpochs {

    private static final long DAY = 2880;
    private static final long FINALITY = 900;
    private static final long TICKET_TAG = 5;
    private static final long SEED_TAG = 6;

    /** A pre-commit with an older ticket is refused. */
    static final long MAX_TICKET_AGE = DAY + FINALITY;

    /** Epochs after its pre-commit in which a sector has to be proven, the longest of all networks. */
    static final long MAX_PROVE_COMMIT = 30 * DAY + 150;

    /** Shortest promise, counted from the last epoch in which it can be proven. */
    static final long MIN_LIFE = 180 * DAY;

    /** Longest promise, counted from the pre-commit. */
    static final long MAX_LIFE = 1278 * DAY;

    /** A message may take so long to be included. */
    private static final long INCLUSION = 60;

    private SealEpochs() {}

    /** A ticket of final age; on a young chain that of its first epoch. */
    static Sector.Draw ticket(Chain chain, FilAddress miner, Epoch head) {
        Epoch epoch = Epoch.of(Math.max(0, head.value() - FINALITY));
        return new Sector.Draw(epoch, chain.ticketRandomness(TICKET_TAG, epoch, entropy(miner)));
    }

    /** Whether a message sent now might be included too late for its ticket. */
    static boolean isOld(Sector.Draw ticket, Epoch head) {
        return isOld(ticket.epoch().value(), head);
    }

    /** As above for the ticket of that epoch, which may be negative on a young chain. */
    static boolean isOld(long ticket, Epoch head) {
        return head.value() + INCLUSION > ticket + MAX_TICKET_AGE;
    }

    /** The seed of a sector that was pre-committed in this epoch. */
    static Sector.Draw seed(Chain chain, FilAddress miner, Epoch preCommitted) {
        Epoch epoch = seedEpoch(chain, preCommitted);
        return new Sector.Draw(epoch, chain.beaconRandomness(SEED_TAG, epoch, entropy(miner)));
    }

    static Epoch seedEpoch(Chain chain, Epoch preCommitted) {
        return preCommitted.plus(chain.networkParams().preCommitChallengeDelay());
    }

    /**
     * Until when to promise the sector: its last deal's end, within what the chain takes whenever the message is
     * included.
     */
    static Epoch expiration(Epoch lastDealEnd, Sector.Draw ticket, Epoch head) {
        long least = Math.max(head.value() + MIN_LIFE + DAY,
                ticket.epoch().value() + MAX_TICKET_AGE + MAX_PROVE_COMMIT + MIN_LIFE);
        return Epoch.of(Math.min(Math.max(lastDealEnd.value(), least), head.value() + MAX_LIFE));
    }

    private static Bytes entropy(FilAddress miner) {
        return Bytes.wrap(miner.toCbor());
    }
}
