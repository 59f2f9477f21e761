package io.caravan.support;

/**
 * When to kill whom.
 *
 * @param victim the process: up, daemon, miner or devnet
 * @param topic whose state is watched: client, provider or sector
 * @param state the state's name
 */
public record KillPoint(String victim, String topic, String state, Moment moment) {

    /** Where in a state. */
    public enum Moment {
        /** As soon as the log shows that the state was entered: its phase begins or is in the middle. */
        ENTERED,
        /** Everything the phase does is done, and the move out of the state is about to be committed. */
        LEAVING
    }

    /** Who keeps the state that is watched. */
    public String keeper() {
        return topic.equals("client") ? "daemon" : "miner";
    }

    @Override
    public String toString() {
        return "%s is killed when %s %s %s".formatted(victim, topic, moment == Moment.ENTERED ? "enters" : "leaves",
                state.replace("StorageDeal", ""));
    }
}
